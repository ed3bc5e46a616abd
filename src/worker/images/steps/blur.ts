import { filter } from '../filter.ts';
import type { Step } from './step.ts';

/** Blurs each frame on its own, so that stacked neighbours do not bleed in. */
export const blur = {
  parameters: ['blur'],
  run(canvas, { parameters: { blur } }) {
    return blur === undefined ? canvas : filter(canvas, (image) => image.blur(blur), 'each');
  },
} as const satisfies Step;
