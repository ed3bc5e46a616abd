import { apply } from '../canvas.ts';
import { cropArea } from '../output-size.ts';
import type { Step } from './step.ts';

export const crop = {
  parameters: ['crop'],
  async run(canvas, { parameters }) {
    if (parameters.crop === undefined) return canvas;
    const { left, top, width, height } = cropArea(parameters.crop);
    return apply(canvas, 'crop', (image) => image.extract({ left, top, width, height }), { width, height });
  },
} as const satisfies Step;
