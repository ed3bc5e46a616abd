import type { Sharp } from './sharp.ts';

/** Decodes every row, but keeps only one 8-bit channel. Shrinking instead would let libvips skip the last rows. */
export async function decodeAll(image: Sharp): Promise<void> {
  await image.extractChannel(0).raw({ depth: 'uchar' }).toBuffer();
}
