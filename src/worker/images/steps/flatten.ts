import { formats } from '../../../contract/formats.ts';
import { ask } from '../canvas.ts';
import type { Step } from './step.ts';

/** Puts the background behind a transparent image, where the format has no transparency. */
export const flatten = {
  parameters: ['background'],
  async apply(canvas, { format, background }) {
    if (formats[format].alpha || !canvas.hasAlpha) return canvas;
    const flat = await ask(canvas, 'flatten', (image) => image.flatten({ background }));
    return { ...flat, hasAlpha: false };
  },
} as const satisfies Step;
