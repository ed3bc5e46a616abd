import { formats } from '../../../contract/formats.ts';
import type { Step } from './step.ts';

/** Puts the background behind a transparent image, where the format has no transparency. */
export const flatten = {
  parameters: ['background'],
  apply: (image, { format, background }) => (formats[format].alpha ? image : image.flatten({ background })),
} as const satisfies Step;
