import { ask, split } from '../canvas.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

/** Turns the image as its EXIF orientation says, and drops the tag. */
export const upright = {
  parameters: [],
  async apply(canvas, { source }) {
    if (canvas.frames === 1) return { ...canvas, images: canvas.images.map((image) => image.autoOrient()) };
    const apply = turns[source.orientation];
    return apply === undefined ? canvas : ask(await split(canvas), 'turn', apply, source);
  },
} as const satisfies Step;

/** What each EXIF orientation asks for; sharp mirrors before it turns. */
const turns: Record<number, (image: Sharp) => Sharp> = {
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flop().rotate(270),
  6: (image) => image.rotate(90),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(270),
};
