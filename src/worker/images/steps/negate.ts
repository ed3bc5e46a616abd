import { filterCanvas } from '../filter.ts';
import type { Step } from './step.ts';

export const negate = {
  parameters: ['negate'],
  run(canvas, { parameters: { negate } }) {
    return negate ? filterCanvas(canvas, (image) => image.negate({ alpha: false })) : canvas;
  },
} as const satisfies Step;
