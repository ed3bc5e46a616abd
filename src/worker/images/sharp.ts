import sharp from 'sharp';

/**
 * The loaders that may read what strangers send, one for each format of the contract.
 * libvips has some thirty more, of which many are little tested, and one runs ImageMagick.
 */
const loaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg'];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
// No image comes twice, and the memory is better spent in the caches of the gateway.
sharp.cache(false);
// There are as many worker processes as CPUs: more threads each would only get in each other's way.
sharp.concurrency(1);

/** The codecs that results depend on, as build metadata of a semantic version: `sharp.0.35.5.vips.8.18.7`. */
export const codecs = `sharp.${sharp.versions.sharp}.vips.${sharp.versions.vips}`;

export type { Sharp } from 'sharp';
export { sharp };
