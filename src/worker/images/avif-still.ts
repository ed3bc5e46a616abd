const majorBrandOffset = 8;
const sequenceBrands = ['avis', 'msf1'];

/**
 * Rewrites the major brand of an AVIF sequence to that of a still image: libvips goes by it and does
 * not read sequences.
 * @returns other files as is
 */
export function asStillAvif(bytes: Buffer): Buffer {
  if (!sequenceBrands.includes(bytes.toString('latin1', majorBrandOffset, majorBrandOffset + 4))) return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', majorBrandOffset, 'latin1');
  return still;
}
