import sharpOf, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { sniff } from './sniff.ts';

/**
 * The only loaders that may read uploads, one per format of the contract.
 * libvips has some thirty more, many of them little tested; one runs ImageMagick.
 */
const loaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg'];

sharpOf.block({ operation: ['VipsForeignLoad'] });
sharpOf.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
// Images rarely repeat; the memory is better spent in the gateway's caches.
sharpOf.cache(false);
// One worker process per CPU.
sharpOf.concurrency(1);

/** Versions of the codecs as semver build metadata: `sharp.0.35.5.vips.8.18.7`. */
export const codecs = `sharp.${sharpOf.versions.sharp}.vips.${sharpOf.versions.vips}`;

/**
 * Longest attribute that libxml2 takes, in bytes; embedded photographs exceed it. Without the limit, entities may expand
 * without end, so it is lifted for large files alone: the process that draws them has limits of its own.
 */
const xmlLimit = 10_000_000;

/** CSS pixels to the inch, for the absolute units of an SVG. */
export const cssDpi = 96;

/**
 * Opens an image with the decoder options that hold for every upload.
 * @param options of sharp; they win over the common ones
 */
export function sharp(input: SharpInput | SharpInput[] | SharpOptions, options: SharpOptions = {}): Sharp {
  if (!Buffer.isBuffer(input)) return sharpOf(input as SharpInput, options);
  return sharpOf(input, {
    // Mere warnings of a decoder, such as stray bytes between JPEG segments, are shown as browsers do;
    // truncated and corrupt data is still an error.
    failOn: 'error',
    // `inspect` checks our own limit, and does not depend on the text of sharp's error.
    limitInputPixels: false,
    density: cssDpi,
    unlimited: options.raw === undefined && input.length > xmlLimit && sniff(input) === 'svg',
    ...options,
  });
}

export type { Sharp } from 'sharp';
