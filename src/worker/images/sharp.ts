import sharp from 'sharp';

/**
 * The only loaders that may read uploads, one per format of the contract.
 * libvips has some thirty more, many of them little tested; one runs ImageMagick.
 */
const loaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg'];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
// Images rarely repeat; the memory is better spent in the gateway's caches.
sharp.cache(false);
// One worker process per CPU.
sharp.concurrency(1);

/** Versions of the codecs as semver build metadata: `sharp.0.35.5.vips.8.18.7`. */
export const codecs = `sharp.${sharp.versions.sharp}.vips.${sharp.versions.vips}`;

export type { Sharp } from 'sharp';
export { sharp };
