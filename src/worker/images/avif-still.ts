const majorBrandOffset = 8;
const sequenceBrands = ['avis', 'msf1'];

/**
 * Presents an AVIF sequence as its still image: libvips goes by the major brand and reads no sequences.
 * @returns other files as is
 */
export function asStillAvif(bytes: Buffer): Buffer {
  if (!sequenceBrands.includes(bytes.toString('latin1', majorBrandOffset, majorBrandOffset + 4))) return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', majorBrandOffset, 'latin1');
  return still;
}
