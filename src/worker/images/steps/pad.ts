import { padding } from '../../../contract/geometry-parameters.ts';
import { apply } from '../canvas.ts';
import { paddedSize } from '../output-size.ts';
import type { Step } from './step.ts';

export const pad = {
  parameters: ['pad', 'background'],
  async run(canvas, { parameters, background }) {
    if (parameters.pad === undefined) return canvas;
    const [top, right, bottom, left] = padding(parameters.pad);
    const size = paddedSize(parameters, canvas.size);
    return apply(canvas, 'pad', (image) => image.extend({ top, right, bottom, left, background }), size);
  },
} as const satisfies Step;
