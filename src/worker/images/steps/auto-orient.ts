import { apply, split } from '../canvas.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

/** Applies the EXIF orientation and drops it. */
export const autoOrient = {
  parameters: [],
  async run(canvas, { source }) {
    if (canvas.frames === 1) {
      const images = canvas.images.map((image) => image.autoOrient());
      return { ...canvas, images, lastAction: source.orientation === 1 ? 'open' : 'rotate' };
    }
    const orient = operations[source.orientation];
    return orient === undefined ? canvas : apply(await split(canvas), 'rotate', orient, source);
  },
} as const satisfies Step;

/** By EXIF orientation; sharp mirrors before it rotates. */
const operations: Record<number, (image: Sharp) => Sharp> = {
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flop().rotate(270),
  6: (image) => image.rotate(90),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(270),
};
