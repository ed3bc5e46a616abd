import { applyToPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

export const sharpen = {
  parameters: ['sharpen'],
  async run(canvas, { parameters: { sharpen: sigma } }) {
    if (sigma === undefined) return canvas;
    return applyToPixels(await split(canvas), 'sharpen', (image) => image.sharpen({ sigma }));
  },
} as const satisfies Step;
