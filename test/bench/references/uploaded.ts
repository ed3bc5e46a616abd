import { randomBytes } from 'node:crypto';
import { photo } from '../../helpers/photo.ts';

/** Of 100 kB: a photograph, or a small one with much metadata, which nothing has to be decoded of. */
export type Kind = 'photograph' | 'metadata';

const [large, small] = await Promise.all([photo(1200, 800), photo(96, 64)]);

const startOfImage = 2;

/** T.81, B.2.4.5: bytes that decoders pass over. */
function comment(length: number): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(length + 2, 2);
  return Buffer.concat([head, randomBytes(length)]);
}

const comments: Record<Kind, () => Buffer[]> = {
  photograph: () => [comment(32)],
  metadata: () => [comment(48_000), comment(48_000)],
};

/** @returns another file at each call, in two parts of which the second is always the same */
export function uploaded(kind: Kind): [Buffer, Buffer] {
  const image = kind === 'photograph' ? large : small;
  return [Buffer.concat([image.subarray(0, startOfImage), ...comments[kind]()]), image.subarray(startOfImage)];
}
