import type { Parameters } from '../../../contract/parameters.ts';
import { apply, compute, type Pixels, pixelsOf, split } from '../canvas.ts';
import { undecodable } from '../errors.ts';
import type { SourceImage } from '../inspect.ts';
import type { Size } from '../output-size.ts';
import { sharp } from '../sharp.ts';
import type { Step } from './step.ts';

export const watermark = {
  parameters: ['watermark', 'watermark_position', 'watermark_opacity', 'watermark_scale'],
  async run(canvas, { parameters, watermark }) {
    if (watermark === undefined) return canvas;
    const ground = await split(await compute(canvas));
    const { data, ...raw } = await overlay(watermark, parameters, ground.size);
    const position = parameters.watermark_position ?? 'right bottom';
    const place = position === 'tile' ? { tile: true, gravity: 'northwest' } : { gravity: gravities[position] };
    return apply(ground, 'composite', (image) => {
      const covered = image.composite([{ input: data, raw, ...place }]);
      return ground.hasAlpha ? covered : covered.removeAlpha();
    });
  },
} as const satisfies Step;

const gravities = {
  center: 'centre',
  top: 'north',
  'right top': 'northeast',
  right: 'east',
  'right bottom': 'southeast',
  bottom: 'south',
  'left bottom': 'southwest',
  left: 'west',
  'left top': 'northwest',
} as const;

/** Scales the watermark for a result of this size and applies its opacity. */
async function overlay(
  { bytes, format }: SourceImage,
  { watermark_scale: scale, watermark_opacity: opacity = 1 }: Parameters,
  { width, height }: Size,
): Promise<Pixels> {
  const share = (side: number) => Math.max(1, Math.round(side * (scale ?? 1)));
  const image = sharp(bytes, { limitInputPixels: false })
    .autoOrient()
    .resize({ width: share(width), height: share(height), fit: 'inside', withoutEnlargement: scale === undefined })
    .ensureAlpha();
  const pixels = await pixelsOf(image).catch((error) => {
    throw undecodable(format, error, 'watermark');
  });
  for (let alpha = 3; alpha < pixels.data.length; alpha += 4) {
    pixels.data[alpha] = Math.round((pixels.data[alpha] as number) * opacity);
  }
  return pixels;
}
