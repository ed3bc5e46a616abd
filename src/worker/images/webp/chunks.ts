import { checkChunks } from '../decoding-limits.ts';

const riffHeader = 12;
const chunkHeader = 8;

export interface WebpChunk {
  type: string;
  body: Buffer;
}

/**
 * Reads the chunks (RFC 9649, 2.3), the last possibly truncated.
 * @throws RequestError `unprocessable_image` for too many
 */
export function* chunks(file: Buffer): Generator<WebpChunk> {
  let count = 0;
  for (let at = riffHeader; at + chunkHeader <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const start = at + chunkHeader;
    count += 1;
    checkChunks(count);
    yield { type: file.toString('latin1', at, at + 4), body: file.subarray(start, start + size) };
    at = start + size + (size % 2);
  }
}

export function* frameChunks(file: Buffer): Generator<Buffer> {
  for (const { type, body } of chunks(file)) if (type === 'ANMF') yield body;
}
