import type { Parameters } from '../../../contract/parameters.ts';
import { apply, split } from '../canvas.ts';
import { withColourProfile } from '../colour/source-colour.ts';
import { undecodable } from '../errors.ts';
import { openSource } from '../open-source.ts';
import type { Size } from '../output-size.ts';
import { type Pixels, pixelsOf } from '../pixels.ts';
import type { SourceImage } from '../source-image.ts';
import type { Step } from './step.ts';

export const watermark = {
  parameters: ['watermark', 'watermark_position', 'watermark_opacity', 'watermark_scale'],
  async run(canvas, { parameters, watermark }) {
    if (watermark === undefined) return canvas;
    const base = await split(canvas);
    const decoded = base.stages.run('decode', () => createOverlay(watermark, parameters, base.size));
    const { data, ...raw } = await decoded.catch((error) => {
      throw undecodable(watermark.format, error, 'watermark');
    });
    const position = parameters.watermark_position ?? 'right bottom';
    const placement = position === 'tile' ? { tile: true, gravity: 'northwest' } : { gravity: gravities[position] };
    const input = Buffer.from(data);
    return apply(base, 'composite', (image) => {
      const composite = image.composite([{ input, raw, ...placement }]);
      return base.hasAlpha ? composite : composite.removeAlpha();
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

/** Decodes and scales the watermark, and applies its opacity. */
async function createOverlay(
  watermark: SourceImage,
  { watermark_scale: scale, watermark_opacity: opacity = 1 }: Parameters,
  { width, height }: Size,
): Promise<Pixels> {
  const limit = (side: number) => Math.max(1, Math.round(side * (scale ?? 1)));
  const image = openSource(await withColourProfile(watermark), { frames: 1, page: undefined })
    .autoOrient()
    .resize({ width: limit(width), height: limit(height), fit: 'inside', withoutEnlargement: scale === undefined })
    .ensureAlpha();
  const pixels = await pixelsOf(image);
  for (let alpha = 3; alpha < pixels.data.length; alpha += 4) {
    pixels.data[alpha] = Math.round((pixels.data[alpha] as number) * opacity);
  }
  return pixels;
}
