import type { Parameter } from './parameter.ts';
import { numbersOf, textOf } from './text-format.ts';
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

export const positions = [...sides, 'entropy', 'attention'] as const;

const dimension = Type.Integer({ minimum: 1, maximum: 8192 });

/** How large the result is, and which part of the image it shows. */
export const sizeParameters = {
  width: {
    alias: 'w',
    schema: dimension,
    description:
      'Width of the result in pixels. Where only one of width and height is given, the other follows from the proportions of the image.',
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
    description: 'Pixels of the screen to one of CSS: width and height are multiplied by it, pad is not.',
    example: 2,
    exampleWith: 'width=100',
  },
  fit: {
    schema: Type.Enum(['cover', 'contain', 'fill', 'inside', 'outside'], { default: 'cover' }),
    description:
      'How the image fits width and height: cover cuts off what is over, contain adds bars of the background, fill distorts, inside and outside keep the proportions and are at most or at least that large.',
    example: 'contain',
    exampleWith: 'width=100&height=100',
  },
  position: {
    schema: Type.Enum([...positions], { default: 'center' }),
    description:
      'The part of the image that cover keeps, or the place where contain puts it. entropy and attention, for cover alone, look for the part with the most detail or the most striking one.',
    example: 'right top',
    exampleWith: 'width=50&height=100',
  },
  focus: {
    schema: textOf('focus'),
    numbers: true,
    description:
      'x,y: the point of the image that cover keeps as near to the middle as it can, as fractions of its width and height from the left top. It wins over position.',
    example: '0.2,0.3',
    exampleWith: 'width=50&height=100',
    canonical: (text: string) => numbersOf(text).join(','),
  },
  enlarge: {
    schema: Type.Boolean({ default: true }),
    description: 'Whether an image smaller than width and height is made larger.',
    example: false,
    exampleWith: 'width=2000',
  },
} as const satisfies Record<string, Parameter>;
