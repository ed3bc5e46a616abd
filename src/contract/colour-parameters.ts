import { canonicalColour } from './colour-text.ts';
import { normalizeAngle } from './geometry-parameters.ts';
import type { Parameter } from './parameter.ts';
import { formattedString } from './text-format.ts';
import { Type } from './typebox.ts';

/** Applied after resizing. */
export const colourParameters = {
  gamma: {
    schema: Type.Number({ minimum: 1, maximum: 3 }),
    description:
      'Resizes in linear light: applies this gamma exponent before resizing and reverts it afterwards. 2.2 keeps fine bright detail from going dark.',
    example: 2.2,
    exampleWith: 'width=50',
  },
  grayscale: {
    schema: Type.Boolean({ default: false }),
    description: 'Converts the image to greyscale.',
    example: true,
  },
  median: {
    schema: Type.Integer({ minimum: 2, maximum: 25 }),
    description: 'Median filter to remove specks: side of the square window in pixels.',
    example: 3,
  },
  threshold: {
    schema: Type.Integer({ minimum: 1, maximum: 255 }),
    description: 'Threshold to black and white: pixels of at least this brightness become white, all others black.',
    example: 128,
  },
  blur: {
    schema: Type.Number({ minimum: 0.3, maximum: 100 }),
    description: 'Gaussian blur: sigma in pixels of the result.',
    example: 5,
  },
  brightness: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Multiplies the lightness by this factor.',
    example: 1.2,
  },
  saturation: {
    schema: Type.Number({ minimum: 0, maximum: 10, default: 1 }),
    description: 'Multiplies the saturation by this factor.',
    example: 0.5,
  },
  hue: {
    schema: Type.Integer({ minimum: -360, maximum: 360, default: 0 }),
    description: 'Hue rotation in degrees.',
    example: 90,
    canonical: (angle: number) => normalizeAngle(angle) || undefined,
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
    schema: formattedString('color'),
    description: 'CSS colour to tint the image with, preserving its lightness. The # before hex digits is optional.',
    example: 'ff8800',
    canonical: canonicalColour,
  },
  negate: {
    schema: Type.Boolean({ default: false }),
    description: 'Inverts the colours, but not the alpha channel.',
    example: true,
  },
} as const satisfies Record<string, Parameter>;
