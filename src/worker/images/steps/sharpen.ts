import { filterCanvas } from '../filter.ts';
import type { Step } from './step.ts';

export const sharpen = {
  parameters: ['sharpen'],
  run(canvas, { parameters: { sharpen: sigma } }) {
    return sigma === undefined ? canvas : filterCanvas(canvas, (image) => image.sharpen({ sigma }), 'each');
  },
} as const satisfies Step;
