import { crc32 } from 'node:zlib';
import { checkChunks, maxChunks } from '../decoding-limits.ts';

export interface Chunk {
  type: string;
  data: Buffer;
  /** File offsets of the chunk with its length, type and checksum. */
  start: number;
  end: number;
}

const signatureBytes = 8;
/** Bytes of length, type and checksum. */
const framingBytes = 12;

/**
 * The chunks before IDAT, up to a truncated one.
 * @throws RequestError `unprocessable_image` for too many
 */
export function* headerChunks(file: Buffer): Generator<Chunk> {
  for (const chunk of chunks(file)) {
    if (chunk.type === 'IDAT') return;
    yield chunk;
  }
}

/**
 * All chunks, up to a truncated one, but of those from IDAT on only as many as may precede it: large images have more.
 * @throws RequestError `unprocessable_image` for too many before IDAT
 */
export function* chunks(file: Buffer): Generator<Chunk> {
  let count = 0;
  let hasPixels = false;
  for (let start = signatureBytes; start + framingBytes <= file.length; ) {
    const end = start + framingBytes + file.readUInt32BE(start);
    const type = file.toString('latin1', start + 4, start + 8);
    if (end > file.length || (hasPixels && count === maxChunks)) return;
    hasPixels ||= type === 'IDAT';
    count += 1;
    checkChunks(count);
    yield { type, data: file.subarray(start + 8, end - 4), start, end };
    start = end;
  }
}

/** Inserts chunks after IHDR, and drops those of certain types. */
export function withChunks(
  file: Buffer,
  added: readonly { type: string; data: Buffer }[],
  dropped: ReadonlySet<string>,
): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { type, start, end } of headerChunks(file)) {
    if (type !== 'IHDR' && !dropped.has(type)) continue;
    parts.push(file.subarray(from, type === 'IHDR' ? end : start));
    if (type === 'IHDR') parts.push(...added.map(encodeChunk));
    from = end;
  }
  return Buffer.concat([...parts, file.subarray(from)]);
}

export function encodeChunk({ type, data }: { type: string; data: Buffer }): Buffer {
  const framed = Buffer.alloc(framingBytes + data.length);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, -4)), framed.length - 4);
  return framed;
}
