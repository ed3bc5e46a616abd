import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Result } from './result.ts';

/*
 * File format of a result: checksum of everything after it, length of the head, head, image. Written under its final
 * name without fsync: the checksum detects incomplete and torn files.
 */

// File descriptors: a FileHandle costs 0.1 ms more event-loop time per file.
const open = promisify(fs.open);
const read = promisify(fs.read);
const writev = promisify(fs.writev);
const close = promisify(fs.close);

const checksumBytes = 4;
const prefixBytes = checksumBytes + 4;

/** Checksummed per event-loop turn, in about 50 µs; handing a slice to another thread costs as much. */
const sliceBytes = 262_144;

interface Head {
  /** `text` of the key: detects a file stored under another result's name. */
  text: string;
  fields: Result['fields'];
}

const encodeHead = (head: Head) => Buffer.from(JSON.stringify(head));

/** Size of the file for a result. */
export function entryBytes(text: string, { fields, image }: Result): number {
  return prefixBytes + encodeHead({ text, fields }).length + image.length;
}

/** @throws file system errors, and Error after a short write */
export async function writeEntry(path: string, text: string, { fields, image }: Result): Promise<void> {
  const head = encodeHead({ text, fields });
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(await checksumOf(head, image));
  prefix.writeUInt32BE(head.length, checksumBytes);
  const file = await open(path, 'w');
  try {
    const { bytesWritten } = await writev(file, [prefix, head, image]);
    const bytes = prefixBytes + head.length + image.length;
    if (bytesWritten !== bytes) throw new Error(`Expected ${bytes} bytes to be written but only ${bytesWritten} were`);
  } finally {
    await close(file);
  }
}

/**
 * @param bytes expected file size
 * @returns undefined if the file is damaged or holds another result
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
    // One extra byte detects a file longer than expected.
    const content = Buffer.allocUnsafeSlow(bytes + 1);
    const { bytesRead } = await read(file, content, 0, bytes + 1, 0);
    return bytesRead === bytes ? content.subarray(0, bytes) : undefined;
  } finally {
    close(file).catch(() => {});
  }
}

async function checksumOf(head: Buffer, image: Buffer): Promise<number> {
  let sum = crc32(head);
  for (let at = 0; at < image.length; at += sliceBytes) {
    if (at > 0) await nextTurn();
    sum = crc32(image.subarray(at, at + sliceBytes), sum);
  }
  return sum;
}
