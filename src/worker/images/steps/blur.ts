import { applyToPixels, split } from '../canvas.ts';
import type { Step } from './step.ts';

/** Blurs each frame on its own, so that stacked neighbours do not bleed in. */
export const blur = {
  parameters: ['blur'],
  async run(canvas, { parameters: { blur } }) {
    return blur === undefined ? canvas : applyToPixels(await split(canvas), 'blur', (image) => image.blur(blur));
  },
} as const satisfies Step;
