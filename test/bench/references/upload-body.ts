import { randomBytes } from 'node:crypto';
import { photo } from '../../helpers/photo.ts';

/** 100 kB each: a photograph, or a small picture padded with metadata, which needs no decoding. */
export type BodyKind = 'photograph' | 'metadata';

const [large, small] = await Promise.all([photo(1200, 800), photo(96, 64)]);

const soiBytes = 2;

/** A COM segment (T.81, B.2.4.5) of random bytes, which decoders skip. */
function commentSegment(length: number): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(length + 2, 2);
  return Buffer.concat([head, randomBytes(length)]);
}

const comments: Record<BodyKind, () => Buffer[]> = {
  photograph: () => [commentSegment(32)],
  metadata: () => [commentSegment(48_000), commentSegment(48_000)],
};

/** @returns a new file at each call, in two parts, the second of which is always the same */
export function uploadBody(kind: BodyKind): [Buffer, Buffer] {
  const image = kind === 'photograph' ? large : small;
  return [Buffer.concat([image.subarray(0, soiBytes), ...comments[kind]()]), image.subarray(soiBytes)];
}
