const majorBrandOffset = 8;
const brandBytes = 4;

/** Brands of HEIF files with HEVC, whose primary image may not be an AVIF. */
const hevc = /^he[iv][a-z]$/;

/**
 * Rewrites the major brand to that of a still AVIF. An AVIF may have any, such as `avis` of a sequence or `mif1` of
 * HEIF in general, as long as `avif` is among the compatible brands (AV1 Image File Format, 6); libvips goes by the
 * major one, and does not read sequences.
 * @returns other files as is
 */
export function withAvifBrand(bytes: Buffer): Buffer {
  const brand = bytes.toString('latin1', majorBrandOffset, majorBrandOffset + brandBytes);
  if (brand === 'avif' || hevc.test(brand)) return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', majorBrandOffset, 'latin1');
  return still;
}
