import { askOfPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

/** Blurs each frame by itself, as the next one would shine through its edge. */
export const blur = {
  parameters: ['blur'],
  async apply(canvas, { parameters: { blur } }) {
    return blur === undefined ? canvas : askOfPixels(await split(canvas), 'blur', (image) => image.blur(blur));
  },
} as const satisfies Step;
