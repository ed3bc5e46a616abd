import type { Sharp } from './sharp.ts';

/** Decodes every pixel, and keeps a byte of each at most. A smaller size would let libvips leave out the last rows. */
export async function decodeAll(image: Sharp): Promise<void> {
  await image.extractChannel(0).raw({ depth: 'uchar' }).toBuffer();
}
