import { changePixels } from '../canvas.ts';
import { gaussian } from '../gaussian.ts';
import type { Step } from './step.ts';

/** Blurs each frame separately: neighbours in a stack would bleed into each other. */
export const blur = {
  parameters: ['blur'],
  run(canvas, { parameters: { blur } }) {
    return blur === undefined ? canvas : changePixels(canvas, (pixels) => gaussian(pixels, blur), 'each');
  },
} as const satisfies Step;
