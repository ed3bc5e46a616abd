import type { Format } from '../../contract/formats.ts';
import { withAvifBrand } from './avif-brand.ts';
import { withAlpha } from './gif/with-alpha.ts';
import { withEndMarker } from './jpeg-end-marker.ts';
import { withEarlyMetadata } from './png/early-metadata.ts';
import { prepareSvg } from './svg/prepare.ts';
import { withAlphaFlag } from './webp/alpha-flag.ts';

type Rewrite = (bytes: Buffer, maxPixels: number) => Buffer | Promise<Buffer>;

const rewrites: Partial<Record<Format, Rewrite>> = {
  svg: (bytes, maxPixels) => prepareSvg(bytes, { maxPixels, rewrite: rewriteForLibvips }),
  png: withEarlyMetadata,
  gif: withAlpha,
  webp: withAlphaFlag,
  avif: withAvifBrand,
  jpeg: withEndMarker,
};

/**
 * Rewrites files that browsers show but libvips rejects or shows differently.
 * @returns other files as is
 * @throws RequestError `unprocessable_image` if that is impossible
 */
export async function rewriteForLibvips(bytes: Buffer, format: Format, maxPixels: number): Promise<Buffer> {
  return rewrites[format]?.(bytes, maxPixels) ?? bytes;
}
