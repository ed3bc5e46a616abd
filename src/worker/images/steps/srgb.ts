import type { Step } from './step.ts';

/** Brings the colours to sRGB: what every screen takes a picture without a profile for. */
export const srgb = {
  parameters: [],
  apply: (image) => image.toColourspace('srgb'),
} as const satisfies Step;
