import { degrees } from '../../../contract/geometry-parameters.ts';
import { ask, compute, split } from '../canvas.ts';
import { turnedSize } from '../output-size.ts';
import type { Step } from './step.ts';

/** Mirrors, and turns then. Sides of the image change place here, before width and height are asked for. */
export const turn = {
  parameters: ['flip', 'flop', 'rotate', 'background'],
  async apply(canvas, { parameters, background }) {
    const { flip = false, flop = false, rotate = 0 } = parameters;
    const angle = degrees(rotate);
    if (!flip && !flop && angle === 0) return canvas;
    const turned = await ask(
      await split(canvas),
      'turn',
      (image) => {
        const mirrored = image.flip(flip).flop(flop);
        return angle === 0 ? mirrored : mirrored.rotate(angle, { background });
      },
      turnedSize(parameters, canvas.size),
    );
    // By quarters the size is known. Otherwise sharp says it, and it would turn after resizing where both are asked for.
    return angle % 90 === 0 ? turned : compute(turned);
  },
} as const satisfies Step;
