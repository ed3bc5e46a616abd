import { createHash, webcrypto } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Result } from './result.ts';

/*
 * A result as a file: the digest of all that follows, the length of the head, the head, the image.
 * It is not synced: a file that a power cut has torn does not have the digest that it begins with.
 */

const digestBytes = 32;
const prefixBytes = digestBytes + 4;

/** Bytes that are hashed at a time: the crypto job copies them on the event loop first, which takes some 50 µs. */
const sliceBytes = 1_048_576;

interface Head {
  /** The key of the result, so that a file under a name that is not its own does not count. */
  text: string;
  fields: Result['fields'];
}

const encodeHead = (head: Head) => Buffer.from(JSON.stringify(head));

/** Bytes of the file of a result. */
export function entryBytes(text: string, { fields, image }: Result): number {
  return prefixBytes + encodeHead({ text, fields }).length + image.length;
}

export async function writeEntry(path: string, text: string, { fields, image }: Result): Promise<void> {
  const head = encodeHead({ text, fields });
  const prefix = Buffer.alloc(prefixBytes);
  (await digestOf(head, image)).copy(prefix);
  prefix.writeUInt32BE(head.length, digestBytes);
  const file = await open(path, 'wx');
  try {
    const { bytesWritten } = await file.writev([prefix, head, image]);
    const bytes = prefixBytes + head.length + image.length;
    if (bytesWritten !== bytes) throw new Error(`Expected ${bytes} bytes to be written but it were ${bytesWritten}`);
  } finally {
    await file.close();
  }
}

/**
 * @param bytes length that the file should have
 * @returns undefined for a file that is torn, or not that of this result
 */
export async function readEntry(path: string, text: string, bytes: number): Promise<Result | undefined> {
  const content = await readExactly(path, bytes);
  if (content === undefined) return undefined;
  const headEnd = prefixBytes + content.readUInt32BE(digestBytes);
  if (headEnd > content.length) return undefined;
  const head = content.subarray(prefixBytes, headEnd);
  const image = content.subarray(headEnd);
  if (!(await digestOf(head, image)).equals(content.subarray(0, digestBytes))) return undefined;
  const { text: own, fields } = JSON.parse(head.toString()) as Head;
  return own === text ? { fields, image } : undefined;
}

async function readExactly(path: string, bytes: number): Promise<Buffer | undefined> {
  if (bytes < prefixBytes) return undefined;
  const file = await open(path);
  try {
    // One more than there should be, which shows whether the file ends where it should.
    const content = Buffer.allocUnsafeSlow(bytes + 1);
    const { bytesRead } = await file.read(content, 0, bytes + 1, 0);
    return bytesRead === bytes ? content.subarray(0, bytes) : undefined;
  } finally {
    // Nothing depends on when it is closed, nor on whether that works.
    file.close().catch(() => {});
  }
}

/** Of a head, which is small, and an image, which may be large and is hashed slice by slice off the event loop. */
async function digestOf(head: Buffer, image: Buffer): Promise<Buffer> {
  const hash = createHash('sha256').update(head);
  for (let at = 0; at < image.length; at += sliceBytes) {
    hash.update(Buffer.from(await webcrypto.subtle.digest('SHA-256', image.subarray(at, at + sliceBytes))));
  }
  return hash.digest();
}
