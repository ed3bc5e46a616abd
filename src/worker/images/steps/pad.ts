import { padding } from '../../../contract/geometry-parameters.ts';
import { ask } from '../canvas.ts';
import { paddedSize } from '../output-size.ts';
import type { Step } from './step.ts';

/** Adds background around the image. */
export const pad = {
  parameters: ['pad', 'background'],
  async apply(canvas, { parameters, background }) {
    if (parameters.pad === undefined) return canvas;
    const [top, right, bottom, left] = padding(parameters.pad);
    const size = paddedSize(parameters, canvas.size);
    return ask(canvas, 'pad', (image) => image.extend({ top, right, bottom, left, background }), size);
  },
} as const satisfies Step;
