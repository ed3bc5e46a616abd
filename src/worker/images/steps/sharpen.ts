import { askOfPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

/** Sharpens each frame by itself. */
export const sharpen = {
  parameters: ['sharpen'],
  async apply(canvas, { parameters: { sharpen: sigma } }) {
    if (sigma === undefined) return canvas;
    return askOfPixels(await split(canvas), 'sharpen', (image) => image.sharpen({ sigma }));
  },
} as const satisfies Step;
