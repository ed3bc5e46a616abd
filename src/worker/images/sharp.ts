import sharpOf, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { sniff } from './sniff.ts';

/** One per format, and `Vips` for our own levels. libvips has some thirty more, many little tested; one runs ImageMagick. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg', 'Vips'];

sharpOf.block({ operation: ['VipsForeignLoad'] });
sharpOf.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
// Images rarely repeat; the gateway caches results.
sharpOf.cache(false);
// One worker process per CPU.
sharpOf.concurrency(1);

/** Semver build metadata: `sharp.0.35.5.vips.8.18.7`. */
export const codecs = `sharp.${sharpOf.versions.sharp}.vips.${sharpOf.versions.vips}`;

/**
 * libxml2's attribute limit, in bytes; embedded photographs exceed it. Lifted for large files only: entities may then
 * expand without end. The drawing process has its own limits.
 */
const xmlLimit = 10_000_000;

/** For absolute units in SVG. */
export const cssDpi = 96;

/**
 * Opens an image with the options common to all uploads.
 * @param options override them
 */
export function sharp(input: SharpInput | SharpInput[] | SharpOptions, options: SharpOptions = {}): Sharp {
  if (!Buffer.isBuffer(input)) return sharpOf(input as SharpInput, options);
  return sharpOf(input, {
    // Warnings (stray bytes between JPEG segments) pass, as in browsers; truncated and corrupt data fails.
    failOn: 'error',
    // `inspect` checks our own limit.
    limitInputPixels: false,
    density: cssDpi,
    unlimited: options.raw === undefined && input.length > xmlLimit && sniff(input) === 'svg',
    ...options,
  });
}

export type { Sharp } from 'sharp';
