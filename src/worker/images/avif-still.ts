const majorBrandOffset = 8;
const sequenceBrands = ['avis', 'msf1'];

/**
 * Presents an AVIF sequence as the still image that it holds too: libvips reads no sequences, and goes by the major brand.
 * @returns the same bytes for any other AVIF
 */
export function asStillAvif(bytes: Buffer): Buffer {
  if (!sequenceBrands.includes(bytes.toString('latin1', majorBrandOffset, majorBrandOffset + 4))) return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', majorBrandOffset, 'latin1');
  return still;
}
