import { parseColour } from '../colour.ts';
import { filterCanvas } from '../filter.ts';
import type { Step } from './step.ts';

export const tint = {
  parameters: ['tint'],
  run(canvas, { parameters: { tint } }) {
    return tint === undefined ? canvas : filterCanvas(canvas, (image) => image.tint(parseColour(tint)));
  },
} as const satisfies Step;
