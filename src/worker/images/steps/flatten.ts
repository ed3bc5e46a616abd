import { formats } from '../../../contract/formats.ts';
import { apply } from '../canvas.ts';
import type { Step } from './step.ts';

/** Blends alpha into the background where the format has none. */
export const flatten = {
  parameters: ['background'],
  async run(canvas, { format, background }) {
    if (formats[format].alpha || !canvas.hasAlpha) return canvas;
    const flat = await apply(canvas, 'flatten', (image) => image.flatten({ background }));
    return { ...flat, hasAlpha: false };
  },
} as const satisfies Step;
