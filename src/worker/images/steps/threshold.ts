import { changePixels } from '../canvas.ts';
import { fromGrey, luminanceOf } from '../luminance.ts';
import type { Step } from './step.ts';

export const threshold = {
  parameters: ['threshold'],
  run(canvas, { parameters: { threshold } }) {
    if (threshold === undefined) return canvas;
    return changePixels(canvas, async (pixels) => {
      const grey = await luminanceOf(pixels);
      return fromGrey(
        grey.map((value) => (value >= threshold ? 255 : 0)),
        pixels,
      );
    });
  },
} as const satisfies Step;
