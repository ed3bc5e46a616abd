import type { Parameters } from '../../../contract/parameters.ts';
import { apply, split } from '../canvas.ts';
import { withColourProfile } from '../colour/source-colour.ts';
import { undecodable } from '../errors.ts';
import { openSource } from '../open-source.ts';
import { outputSize, type Size } from '../output-size.ts';
import { type Pixels, pixelsOf } from '../pixels.ts';
import { maxPrecisePixels, pixelScaler } from '../scale-pixels.ts';
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
  const box = { width: limit(width), height: limit(height), fit: 'inside', enlarge: scale !== undefined } as const;
  const pixels = await scaled(watermark, outputSize(box, watermark).scaled);
  for (let alpha = 3; alpha < pixels.data.length; alpha += 4) {
    pixels.data[alpha] = Math.round((pixels.data[alpha] as number) * opacity);
  }
  return pixels;
}

async function scaled(watermark: SourceImage, { width, height }: Size): Promise<Pixels> {
  const opened = openSource(await withColourProfile(watermark), { frames: 1, page: undefined }).autoOrient();
  const isScaled = width !== watermark.width || height !== watermark.height;
  const isPrecise = watermark.hasAlpha && watermark.width * watermark.height <= maxPrecisePixels;
  // sharp renders an SVG at the size.
  if (isScaled && isPrecise && watermark.format !== 'svg') {
    return pixelScaler({ width, height })(await pixelsOf(opened.ensureAlpha()));
  }
  return pixelsOf(opened.resize({ width, height, fit: 'fill' }).ensureAlpha());
}
