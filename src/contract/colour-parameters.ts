import { canonicalColour } from './colour-text.ts';
import { degrees } from './geometry-parameters.ts';
import type { Parameter } from './parameter.ts';
import { textOf } from './text-format.ts';
import { Type } from './typebox.ts';

/** Applied after resizing. */
export const colourParameters = {
  gamma: {
    schema: Type.Number({ minimum: 1, maximum: 3 }),
    description:
      'Resizes in linear light: gamma-corrected by this exponent before, and back after. 2.2 keeps fine bright detail from going dark.',
    example: 2.2,
    exampleWith: 'width=50',
  },
  grayscale: {
    schema: Type.Boolean({ default: false }),
    description: 'Converts to greyscale.',
    example: true,
  },
  median: {
    schema: Type.Integer({ minimum: 2, maximum: 25 }),
    description: 'Median filter, which removes specks: the side of its square window in pixels.',
    example: 3,
  },
  threshold: {
    schema: Type.Integer({ minimum: 1, maximum: 255 }),
    description: 'Makes pixels of at least this brightness white, and all others black.',
    example: 128,
  },
  blur: {
    schema: Type.Number({ minimum: 0.3, maximum: 100 }),
    description: 'Gaussian blur: sigma in pixels of the result.',
    example: 5,
  },
  brightness: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Lightness factor.',
    example: 1.2,
  },
  saturation: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Saturation factor.',
    example: 0.5,
  },
  hue: {
    schema: Type.Integer({ minimum: -360, maximum: 360, default: 0 }),
    description: 'Hue rotation in degrees.',
    example: 90,
    canonical: (angle: number) => degrees(angle) || undefined,
  },
  sharpen: {
    schema: Type.Number({ minimum: 0.1, maximum: 10 }),
    description: 'Unsharp mask: sigma in pixels of the result.',
    example: 1,
  },
  normalize: {
    schema: Type.Boolean({ default: false }),
    description: 'Stretches the lightness to the full range, clipping the darkest and lightest 1 %.',
    example: true,
  },
  tint: {
    schema: textOf('color'),
    description: 'CSS colour to tint the image with; lightness is kept. Hex digits need no #.',
    example: 'ff8800',
    canonical: canonicalColour,
  },
  negate: {
    schema: Type.Boolean({ default: false }),
    description: 'Inverts the colours; transparency is kept.',
    example: true,
  },
} as const satisfies Record<string, Parameter>;
