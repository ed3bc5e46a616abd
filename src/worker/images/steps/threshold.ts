import { askOfPixels, type Canvas, compute, openPixels, pixelsOf } from '../canvas.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

/** Makes each pixel black or white. */
export const threshold = {
  parameters: ['threshold'],
  async apply(canvas, { parameters: { threshold } }) {
    if (threshold === undefined) return canvas;
    if (!canvas.hasAlpha) return askOfPixels(canvas, 'threshold', (image) => image.threshold(threshold));
    return aroundAlpha(canvas, (image) => image.threshold(threshold));
  },
} as const satisfies Step;

/** sharp applies a threshold to transparency as well, which is to stay. */
async function aroundAlpha(canvas: Canvas, apply: (image: Sharp) => Sharp): Promise<Canvas> {
  const from = await compute(canvas);
  const together = from.frames / from.images.length;
  const images: Sharp[] = [];
  for (const image of from.images) {
    const { data, ...raw } = await pixelsOf(image.clone().extractChannel('alpha').toColourspace('b-w'));
    const opaque = await pixelsOf(apply(image.clone().removeAlpha()));
    images.push(openPixels(opaque, together).joinChannel(data, { raw }));
  }
  return compute({ ...from, images });
}
