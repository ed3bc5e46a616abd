import { checkChunks } from './decoding-limits.ts';

export interface Box {
  type: string;
  body: Buffer;
}

const headerBytes = 8;

/**
 * Reads boxes (ISO/IEC 14496-12, 4.2), the last possibly truncated.
 * @throws RequestError `unprocessable_image` for too many
 */
export function* boxes(data: Buffer = Buffer.alloc(0)): Generator<Box> {
  let count = 0;
  for (let at = 0; at + headerBytes <= data.length; ) {
    const size = data.readUInt32BE(at);
    const isLong = size === 1 && at + 16 <= data.length;
    const length = size === 0 ? data.length - at : isLong ? Number(data.readBigUInt64BE(at + 8)) : size;
    const header = isLong ? 16 : headerBytes;
    if (length < header) return;
    count += 1;
    checkChunks(count);
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + header, at + length) };
    at += length;
  }
}

export function find(data: Buffer | undefined, type: string): Buffer | undefined {
  for (const box of boxes(data)) if (box.type === type) return box.body;
  return undefined;
}
