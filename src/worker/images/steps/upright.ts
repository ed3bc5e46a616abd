import type { Step } from './step.ts';

/** Turns the image as its EXIF orientation says: the tag itself is dropped with the rest of the metadata. */
export const upright = {
  parameters: [],
  apply: (image) => image.autoOrient(),
} as const satisfies Step;
