import { animation, blue, green, quarters, red } from '../helpers/images.ts';
import { svg } from './bombs.ts';

/** A small valid file of each format, with some content to decode. */
export async function smallFiles(): Promise<Record<string, Buffer>> {
  const image = await quarters(48, 32);
  return {
    jpeg: await image.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    png: await image.clone().png().toBuffer(),
    webp: await animation('webp', 48, 32, [red, green, blue]),
    avif: await image.clone().avif().toBuffer(),
    gif: await animation('gif', 48, 32, [red, green, blue]),
    tiff: await image.clone().tiff({ compression: 'lzw' }).toBuffer(),
    svg: svg(
      '<linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1"/></linearGradient>' +
        '<rect width="48" height="32" fill="url(#g)"/><text x="4" y="20" font-size="12">imgwire</text>',
      'width="48" height="32" viewBox="0 0 48 32"',
    ),
  };
}
