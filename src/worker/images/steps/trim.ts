import { defaultTrimThreshold } from '../../../contract/geometry-parameters.ts';
import { apply, compute } from '../canvas.ts';
import { checkRotated } from '../check-plan.ts';
import { isLossy } from '../lossy.ts';
import type { Area, Size } from '../output-size.ts';
import { openPixels, type Pixels, toEightBits } from '../pixels.ts';
import type { Step } from './step.ts';

export const trim = {
  parameters: ['trim', 'trim_threshold'],
  async run(canvas, plan) {
    const { trim = false, trim_threshold: threshold = defaultTrimThreshold } = plan.parameters;
    if (!trim) return canvas;
    const lineArt = !isLossy(plan.source, plan.page);
    if (!canBeTrimmed(canvas.size, lineArt)) return canvas;
    const from = await compute(canvas);
    const area = await findContent(from.pixels?.[0] as Pixels, { threshold, lineArt });
    const { left, top, ...size } = area;
    checkRotated(plan, size);
    return apply(from, 'crop', (image) => image.extract({ left, top, ...size }), size);
  },
} as const satisfies Step;

/** sharp's median needs 3 x 3 pixels; without it (`lineArt`), sharp rejects an image only if both sides are shorter. */
export function canBeTrimmed({ width, height }: Size, lineArt: boolean): boolean {
  return (lineArt ? Math.max(width, height) : Math.min(width, height)) >= 3;
}

/** @param options.lineArt omits the median, which removes compression noise but also lines of one pixel */
async function findContent(pixels: Pixels, options: { threshold: number; lineArt: boolean }): Promise<Area> {
  const { info } = await openPixels(pixels.data instanceof Uint16Array ? await toEightBits(pixels) : pixels)
    .trim(options)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, trimOffsetLeft = 0, trimOffsetTop = 0 } = info;
  return { left: Math.abs(trimOffsetLeft), top: Math.abs(trimOffsetTop), width, height };
}
