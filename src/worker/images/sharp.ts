import sharpOf, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { sniff } from './sniff.ts';

/**
 * Loaders to allow: one per format, and `Vips` for our decoded levels. libvips has some thirty more, many of them
 * little tested; one runs ImageMagick.
 */
const loaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg', 'Vips'];

sharpOf.block({ operation: ['VipsForeignLoad'] });
sharpOf.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
// Images rarely repeat, since the gateway caches results.
sharpOf.cache(false);
// There is a worker process per CPU.
sharpOf.concurrency(1);

/** Versions of sharp and libvips as semver build metadata, such as `sharp.0.35.5.vips.8.18.7`. */
export const codecs = `sharp.${sharpOf.versions.sharp}.vips.${sharpOf.versions.vips}`;

/**
 * libxml2's limit for an attribute, in bytes, which embedded photographs exceed. It is lifted for large files only,
 * since entities may then expand without end; the isolated process has its own limits.
 */
const xmlAttributeLimit = 10_000_000;

/** Resolution of absolute units in SVG. */
export const cssDpi = 96;

/**
 * Opens an image; a buffer gets the options common to all uploads.
 * @param options override those
 */
export function sharp(input: SharpInput | SharpInput[] | SharpOptions, options: SharpOptions = {}): Sharp {
  if (!Buffer.isBuffer(input)) return sharpOf(input as SharpInput, options);
  return sharpOf(input, {
    // Tolerates warnings (stray bytes between JPEG segments) as browsers do; truncated and corrupt data fails.
    failOn: 'error',
    // `inspect` enforces our own limit.
    limitInputPixels: false,
    density: cssDpi,
    unlimited: options.raw === undefined && input.length > xmlAttributeLimit && sniff(input) === 'svg',
    ...options,
  });
}

export type { Sharp } from 'sharp';
