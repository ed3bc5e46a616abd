import { changePixels } from '../canvas.ts';
import { gaussian } from '../gaussian.ts';
import type { Step } from './step.ts';

/** Each frame alone, lest stacked neighbours bleed in. */
export const blur = {
  parameters: ['blur'],
  run(canvas, { parameters: { blur } }) {
    return blur === undefined ? canvas : changePixels(canvas, (pixels) => gaussian(pixels, blur), 'each');
  },
} as const satisfies Step;
