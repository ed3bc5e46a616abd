import { degrees } from './geometry-parameters.ts';
import type { Parameter } from './parameter.ts';
import { textOf } from './text-format.ts';
import { Type } from './typebox.ts';

/** Filters and colours, after the image has its size. */
export const colourParameters = {
  gamma: {
    schema: Type.Number({ minimum: 1, maximum: 3 }),
    description:
      'Scales in light instead of in numbers: darkened by this exponent before, brightened by it after. 2.2 keeps fine bright detail from going dark.',
    example: 2.2,
    exampleWith: 'width=50',
  },
  grayscale: {
    schema: Type.Boolean({ default: false }),
    description: 'Takes the colours away.',
    example: true,
  },
  median: {
    schema: Type.Integer({ minimum: 2, maximum: 25 }),
    description: 'Side in pixels of the square whose median each pixel becomes: takes specks away.',
    example: 3,
  },
  threshold: {
    schema: Type.Integer({ minimum: 1, maximum: 255 }),
    description: 'Makes every pixel white that is at least this bright, and black the others.',
    example: 128,
  },
  blur: {
    schema: Type.Number({ minimum: 0.3, maximum: 100 }),
    description: 'Sigma of a Gaussian blur in pixels of the result.',
    example: 5,
  },
  brightness: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Factor for the lightness.',
    example: 1.2,
  },
  saturation: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Factor for the saturation.',
    example: 0.5,
  },
  hue: {
    schema: Type.Integer({ minimum: -360, maximum: 360, default: 0 }),
    description: 'Degrees to turn the hue.',
    example: 90,
    canonical: (angle: number) => degrees(angle) || undefined,
  },
  sharpen: {
    schema: Type.Number({ minimum: 0.1, maximum: 10 }),
    description: 'Sigma of the mask that sharpens, in pixels of the result.',
    example: 1,
  },
  normalize: {
    schema: Type.Boolean({ default: false }),
    description: 'Stretches the lightness to the whole range, its outermost hundredths cut off.',
    example: true,
  },
  tint: {
    schema: textOf('color'),
    description: 'CSS colour that the image is tinted with, its lightness kept.',
    example: '#ff8800',
  },
  negate: {
    schema: Type.Boolean({ default: false }),
    description: 'Turns each colour into its opposite; transparency stays.',
    example: true,
  },
} as const satisfies Record<string, Parameter>;
