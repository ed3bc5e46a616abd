import type { Parameter } from './parameter.ts';
import { formattedString, numbersOf } from './text-format.ts';
import { Type } from './typebox.ts';

export const sides = [
  'center',
  'top',
  'right top',
  'right',
  'right bottom',
  'bottom',
  'left bottom',
  'left',
  'left top',
] as const;

const positions = [...sides, 'entropy', 'attention'] as const;

const dimension = Type.Integer({ minimum: 1, maximum: 8192 });

export const sizeParameters = {
  width: {
    alias: 'w',
    schema: dimension,
    description:
      'Width of the result in pixels. If only one of width and height is given, the other follows from the aspect ratio.',
    example: 720,
  },
  height: {
    alias: 'h',
    schema: dimension,
    description: 'Height of the result in pixels.',
    example: 480,
  },
  dpr: {
    schema: Type.Number({ minimum: 1, maximum: 5, default: 1 }),
    description: 'Device pixel ratio: multiplies width and height, but not pad.',
    example: 2,
    exampleWith: 'width=100',
  },
  fit: {
    schema: Type.Enum(['cover', 'contain', 'fill', 'inside', 'outside'], { title: 'Fit', default: 'cover' }),
    description:
      'How the image is fitted to width and height: cover crops, contain adds bars of background, fill ignores the aspect ratio; inside and outside keep the aspect ratio and make the result at most or at least that large.',
    example: 'contain',
    exampleWith: 'width=100&height=100',
  },
  position: {
    schema: Type.Enum([...positions], { title: 'Position', default: 'center' }),
    description:
      'Part of the image that cover keeps, or placement of the image by contain. entropy and attention (cover only) pick the region with the most detail or the most salient one.',
    example: 'right top',
    exampleWith: 'width=50&height=100',
  },
  focus: {
    schema: formattedString('focus'),
    numbers: true,
    description:
      'Focal point that cover keeps as close to the centre as possible: x,y as fractions of width and height from the top left. Overrides position.',
    example: '0.2,0.3',
    exampleWith: 'width=50&height=100',
    canonical: (text: string) => numbersOf(text).join(','),
  },
  enlarge: {
    schema: Type.Boolean({ default: true }),
    description: 'Whether to enlarge an image that is smaller than width and height.',
    example: false,
    exampleWith: 'width=2000',
  },
} as const satisfies Record<string, Parameter>;
