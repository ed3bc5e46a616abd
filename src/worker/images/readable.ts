import type { Format } from '../../contract/formats.ts';
import { asStillAvif } from './avif-still.ts';
import { withAlpha } from './gif/with-alpha.ts';
import { withEnd } from './jpeg-end.ts';
import { prepareSvg } from './svg/prepare.ts';

type Rewrite = (bytes: Buffer, maxPixels: number) => Buffer | Promise<Buffer>;

const rewrites: Partial<Record<Format, Rewrite>> = {
  svg: prepareSvg,
  gif: withAlpha,
  avif: asStillAvif,
  jpeg: withEnd,
};

/**
 * Rewrites what browsers show but libvips does not, or differently.
 * @returns other files as is
 * @throws RequestError `unprocessable_image` if impossible
 */
export async function readable(bytes: Buffer, format: Format, maxPixels: number): Promise<Buffer> {
  return rewrites[format]?.(bytes, maxPixels) ?? bytes;
}
