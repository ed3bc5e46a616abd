import sharp from 'sharp';
import type { Contender, Picture } from './contenders/contender.ts';

/**
 * Sees before the clock starts that a contender gives what was asked for: the width, the format, sRGB, and of JPEG, unless it
 * is measured as it comes, baseline and 4:2:0 as the others.
 * @throws Error for any other picture
 */
export async function check(contender: Contender, picture: Picture, asItComes = false): Promise<number> {
  const bytes = await contender.one(picture);
  const { width, format, compression, space, isProgressive = false, chromaSubsampling } = await sharp(bytes).metadata();
  const expected = { width: picture.width, format: picture.format === 'avif' ? 'heif' : (picture.format ?? 'jpeg') };
  const complaints = [
    width !== expected.width && `${expected.width} pixels wide but received ${width}`,
    format !== expected.format && `${expected.format} but received ${format}`,
    format === 'heif' && compression !== 'av1' && `AV1 but received ${compression}`,
    space !== 'srgb' && `sRGB but received ${space}`,
    !asItComes && format === 'jpeg' && isProgressive && 'baseline JPEG but received progressive',
    !asItComes && format === 'jpeg' && chromaSubsampling !== '4:2:0' && `4:2:0 but received ${chromaSubsampling}`,
  ].filter(Boolean);
  if (complaints.length > 0) throw new Error(`${contender.name}: expected ${complaints.join(', ')}`);
  return bytes.length;
}
