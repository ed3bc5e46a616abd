import { formats } from '../../../contract/formats.ts';
import { apply, compute } from '../canvas.ts';
import type { Step } from './step.ts';

/** Blends the image with the background for formats without alpha. */
export const flatten = {
  parameters: ['background'],
  async run(canvas, { format, background }) {
    if (formats[format].alpha || !canvas.hasAlpha) return canvas;
    const from = canvas.isRgb ? canvas : await compute(canvas);
    return { ...(await apply(from, 'flatten', (image) => image.flatten({ background }))), hasAlpha: false };
  },
} as const satisfies Step;
