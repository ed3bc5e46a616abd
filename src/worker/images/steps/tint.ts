import { applyToPixels } from '../canvas.ts';
import { parseColour } from '../colour.ts';
import type { Step } from './step.ts';

export const tint = {
  parameters: ['tint'],
  run(canvas, { parameters: { tint } }) {
    if (tint === undefined) return canvas;
    return applyToPixels(canvas, 'tint', (image) => image.tint(parseColour(tint)));
  },
} as const satisfies Step;
