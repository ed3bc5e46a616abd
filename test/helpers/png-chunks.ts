import { crc32 } from 'node:zlib';

/** Inserts a chunk after a PNG's header. */
export function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const headerEnd = 33;
  return Buffer.concat([png.subarray(0, headerEnd), encodedChunk(type, data), png.subarray(headerEnd)]);
}

export function encodedChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), 8 + data.length);
  return chunk;
}

const in100000ths = (values: readonly number[]) => {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    data.writeUInt32BE(Math.round(value * 100_000), 4 * index);
  });
  return data;
};

export const gAMA = (png: Buffer, gamma: number) => withChunk(png, 'gAMA', in100000ths([gamma]));
export const cHRM = (png: Buffer, primaries: readonly number[]) => withChunk(png, 'cHRM', in100000ths(primaries));
export const cICP = (png: Buffer, ...codes: number[]) => withChunk(png, 'cICP', Buffer.from(codes));
export const sRGB = (png: Buffer) => withChunk(png, 'sRGB', Buffer.from([0]));
