import { canonicalColour } from './colour-text.ts';
import type { Parameter } from './parameter.ts';
import { numbersOf, textOf } from './text-format.ts';
import { Type } from './typebox.ts';

/** sharp's default. */
export const defaultTrimThreshold = 10;

/** Normalizes to [0, 360). */
export function degrees(angle: number): number {
  return ((angle % 360) + 360) % 360;
}

/** CSS shorthand to top, right, bottom and left. */
export function padding(text: string): readonly [number, number, number, number] {
  const [top = 0, right = top, bottom = top, left = top] = numbersOf(text);
  return [top, right, bottom, left];
}

export const geometryParameters = {
  crop: {
    schema: textOf('crop'),
    numbers: true,
    description:
      'left,top,width,height: region to keep, in pixels of the upright source. It has to lie within the image.',
    example: '10,20,100,80',
    canonical: (text: string) => numbersOf(text).join(','),
  },
  trim: {
    schema: Type.Boolean({ default: false }),
    description: 'Trims edges that have the colour of the top left pixel. Not for animations.',
    example: true,
  },
  trim_threshold: {
    schema: Type.Number({ minimum: 0, maximum: 255, default: defaultTrimThreshold }),
    description:
      'Greatest difference from the colour of the top left pixel that trim still trims. No effect without trim.',
    example: 30,
    exampleWith: 'trim=true',
    modifies: 'trim',
  },
  flip: {
    schema: Type.Boolean({ default: false }),
    description: 'Mirrors vertically, top to bottom.',
    example: true,
  },
  flop: {
    schema: Type.Boolean({ default: false }),
    description: 'Mirrors horizontally, left to right.',
    example: true,
  },
  rotate: {
    schema: Type.Number({ minimum: -360, maximum: 360, default: 0 }),
    description:
      'Clockwise rotation in degrees, after flip and flop and before resizing. Angles other than multiples of 90 fill the corners with background.',
    example: 90,
    canonical: (angle: number) => degrees(angle) || undefined,
  },
  background: {
    alias: 'bg',
    schema: textOf('color', { default: 'white' }),
    description:
      'CSS colour for the bars of fit=contain, for pad, for the corners of rotate, and behind transparency in a format without it. Hex digits need no #.',
    example: 'ff8800',
    exampleWith: 'pad=10',
    canonical: canonicalColour,
  },
  pad: {
    schema: textOf('pad'),
    numbers: true,
    description:
      'Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Added to width and height.',
    example: '10,20,10,20',
    canonical(text: string) {
      const all = padding(text);
      return all.some((side) => side > 0) ? all.join(',') : undefined;
    },
  },
} as const satisfies Record<string, Parameter>;
