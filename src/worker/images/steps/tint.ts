import { parseColour } from '../colour.ts';
import { filter } from '../filter.ts';
import type { Step } from './step.ts';

export const tint = {
  parameters: ['tint'],
  run(canvas, { parameters: { tint } }) {
    return tint === undefined ? canvas : filter(canvas, (image) => image.tint(parseColour(tint)));
  },
} as const satisfies Step;
