import { filter } from '../filter.ts';
import type { Step } from './step.ts';

export const negate = {
  parameters: ['negate'],
  run(canvas, { parameters: { negate } }) {
    return negate ? filter(canvas, (image) => image.negate({ alpha: false })) : canvas;
  },
} as const satisfies Step;
