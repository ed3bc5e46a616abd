import fs from 'node:fs';
import { setImmediate as otherWork } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Result } from './result.ts';

/*
 * A result as a file: the checksum of all that follows, the length of the head, the head, the image.
 * It is written under its own name and not synced: a file that was not written to its end, or that a power cut has torn,
 * does not have the checksum that it begins with.
 */

// By descriptors: a FileHandle costs some 0.1 ms more of the event loop for each file.
const open = promisify(fs.open);
const read = promisify(fs.read);
const writev = promisify(fs.writev);
const close = promisify(fs.close);

const checksumBytes = 4;
const prefixBytes = checksumBytes + 4;

/** Bytes that are summed up at a time, in some 50 µs. To have it done in another thread costs as much, for the handing over. */
const sliceBytes = 262_144;

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
  prefix.writeUInt32BE(await checksumOf(head, image));
  prefix.writeUInt32BE(head.length, checksumBytes);
  const file = await open(path, 'w');
  try {
    const { bytesWritten } = await writev(file, [prefix, head, image]);
    const bytes = prefixBytes + head.length + image.length;
    if (bytesWritten !== bytes) throw new Error(`Expected ${bytes} bytes to be written but it were ${bytesWritten}`);
  } finally {
    await close(file);
  }
}

/**
 * @param bytes length that the file should have
 * @returns undefined for a file that is torn, or not that of this result
 */
export async function readEntry(path: string, text: string, bytes: number): Promise<Result | undefined> {
  const content = await readExactly(path, bytes);
  if (content === undefined) return undefined;
  const headEnd = prefixBytes + content.readUInt32BE(checksumBytes);
  if (headEnd > content.length) return undefined;
  const head = content.subarray(prefixBytes, headEnd);
  const image = content.subarray(headEnd);
  if ((await checksumOf(head, image)) !== content.readUInt32BE()) return undefined;
  const { text: own, fields } = JSON.parse(head.toString()) as Head;
  return own === text ? { fields, image } : undefined;
}

async function readExactly(path: string, bytes: number): Promise<Buffer | undefined> {
  if (bytes < prefixBytes) return undefined;
  const file = await open(path, 'r');
  try {
    // One more than there should be, which shows whether the file ends where it should.
    const content = Buffer.allocUnsafeSlow(bytes + 1);
    const { bytesRead } = await read(file, content, 0, bytes + 1, 0);
    return bytesRead === bytes ? content.subarray(0, bytes) : undefined;
  } finally {
    // Nothing depends on when it is closed, nor on whether that works.
    close(file).catch(() => {});
  }
}

/** Of a head, which is small, and an image, which may be large. */
async function checksumOf(head: Buffer, image: Buffer): Promise<number> {
  let sum = crc32(head);
  for (let at = 0; at < image.length; at += sliceBytes) {
    if (at > 0) await otherWork();
    sum = crc32(image.subarray(at, at + sliceBytes), sum);
  }
  return sum;
}
