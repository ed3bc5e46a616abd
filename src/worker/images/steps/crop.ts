import { ask } from '../canvas.ts';
import { cropArea } from '../output-size.ts';
import type { Step } from './step.ts';

/** Takes a part of the image, in pixels of the source. */
export const crop = {
  parameters: ['crop'],
  async apply(canvas, { parameters }) {
    if (parameters.crop === undefined) return canvas;
    const { left, top, width, height } = cropArea(parameters.crop);
    return ask(canvas, 'crop', (image) => image.extract({ left, top, width, height }), { width, height });
  },
} as const satisfies Step;
