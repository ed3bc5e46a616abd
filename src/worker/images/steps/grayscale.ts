import { changePixels } from '../canvas.ts';
import { fromGrey, luminanceOf } from '../luminance.ts';
import type { Step } from './step.ts';

export const grayscale = {
  parameters: ['grayscale'],
  run(canvas, { parameters: { grayscale } }) {
    if (!grayscale) return canvas;
    return changePixels(canvas, async (pixels) => fromGrey(await luminanceOf(pixels), pixels));
  },
} as const satisfies Step;
