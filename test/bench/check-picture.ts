import sharp from 'sharp';
import type { Contender, Picture } from './contenders/contender.ts';

/**
 * Verifies before the clock starts that a contender does the same work: width, format and sRGB. JPEG must be baseline
 * and 4:2:0, unless the contender runs with its defaults.
 * @returns the size of the picture in bytes
 * @throws Error that lists what differs
 */
export async function checkPicture(contender: Contender, picture: Picture, usesDefaults = false): Promise<number> {
  const bytes = await contender.render(picture);
  const { width, format, compression, space, isProgressive = false, chromaSubsampling } = await sharp(bytes).metadata();
  const expected = { width: picture.width, format: picture.format === 'avif' ? 'heif' : (picture.format ?? 'jpeg') };
  const mismatches = [
    width !== expected.width && `${expected.width} pixels wide but received ${width}`,
    format !== expected.format && `${expected.format} but received ${format}`,
    format === 'heif' && compression !== 'av1' && `AV1 but received ${compression}`,
    space !== 'srgb' && `sRGB but received ${space}`,
    !usesDefaults && format === 'jpeg' && isProgressive && 'baseline JPEG but received progressive',
    !usesDefaults && format === 'jpeg' && chromaSubsampling !== '4:2:0' && `4:2:0 but received ${chromaSubsampling}`,
  ].filter(Boolean);
  if (mismatches.length > 0) throw new Error(`${contender.name}: expected ${mismatches.join(', ')}`);
  return bytes.length;
}
