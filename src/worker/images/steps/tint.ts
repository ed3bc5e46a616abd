import { askOfPixels } from '../canvas.ts';
import { parseColour } from '../colour.ts';
import type { Step } from './step.ts';

/** Tints the image, its lightness kept. */
export const tint = {
  parameters: ['tint'],
  apply(canvas, { parameters: { tint } }) {
    if (tint === undefined) return canvas;
    return askOfPixels(canvas, 'tint', (image) => image.tint(parseColour(tint)));
  },
} as const satisfies Step;
