import type { Parameter } from './parameter.ts';
import { numbersOf, textOf } from './text-format.ts';
import { Type } from './typebox.ts';

/** The threshold that trim=true stands for: sharp's own. */
export const defaultTrimThreshold = 10;

/** Turns in degrees that mean the same, as one from 0 up to 360. */
export function degrees(angle: number): number {
  return ((angle % 360) + 360) % 360;
}

/** Top, right, bottom and left in pixels. */
export function padding(text: string): readonly [number, number, number, number] {
  const [top = 0, right = top, bottom = top, left = top] = numbersOf(text);
  return [top, right, bottom, left];
}

/** What is cut off, turned and added. */
export const geometryParameters = {
  crop: {
    schema: textOf('crop'),
    numbers: true,
    description:
      'left,top,width,height: the part of the image to work on, in its own pixels, upright. It has to lie within the image.',
    example: '10,20,100,80',
    canonical: (text: string) => numbersOf(text).join(','),
  },
  trim: {
    schema: Type.Union([Type.Number({ minimum: 0, maximum: 255 }), Type.Boolean()]),
    description: `Cuts off edges of the colour of the left top pixel, or of one as near to it as the threshold; true stands for ${defaultTrimThreshold}. Not for animations.`,
    example: true,
    canonical(value: number | boolean) {
      if (value === false) return undefined;
      return value === true ? defaultTrimThreshold : value;
    },
  },
  flip: {
    schema: Type.Boolean({ default: false }),
    description: 'Mirrors top to bottom.',
    example: true,
  },
  flop: {
    schema: Type.Boolean({ default: false }),
    description: 'Mirrors left to right.',
    example: true,
  },
  rotate: {
    schema: Type.Number({ minimum: -360, maximum: 360, default: 0 }),
    description:
      'Degrees to turn clockwise, after flip and flop and before width and height. Other than by quarters, the corners show the background.',
    example: 90,
    canonical: (angle: number) => degrees(angle) || undefined,
  },
  background: {
    alias: 'bg',
    schema: textOf('color', { default: 'black' }),
    description:
      'CSS colour of the bars that contain adds, of pad, of the corners of rotate, and of what lies behind a transparent image in a format without transparency.',
    example: 'white',
    exampleWith: 'pad=10',
  },
  pad: {
    schema: textOf('pad'),
    numbers: true,
    description:
      'Pixels of background to add around the result: one number for all sides, or top,right,bottom,left. It comes on top of width and height.',
    example: '10,20,10,20',
    canonical(text: string) {
      const all = padding(text);
      return all.some((side) => side > 0) ? all.join(',') : undefined;
    },
  },
} as const satisfies Record<string, Parameter>;
