import { degrees } from '../../../contract/geometry-parameters.ts';
import { apply, compute, split } from '../canvas.ts';
import { turnedSize } from '../output-size.ts';
import type { Step } from './step.ts';

/** Flips, flops, then rotates; before resize, so that width and height are those of the turned image. */
export const turn = {
  parameters: ['flip', 'flop', 'rotate', 'background'],
  async run(canvas, { parameters, background }) {
    const { flip = false, flop = false, rotate = 0 } = parameters;
    const angle = degrees(rotate);
    if (!flip && !flop && angle === 0) return canvas;
    const turned = await apply(
      await split(canvas),
      'turn',
      (image) => {
        const mirrored = image.flip(flip).flop(flop);
        return angle === 0 ? mirrored : mirrored.rotate(angle, { background });
      },
      turnedSize(parameters, canvas.size),
    );
    // Other angles: sharp decides the size, and in one pipeline it would resize first.
    return angle % 90 === 0 ? turned : compute(turned);
  },
} as const satisfies Step;
