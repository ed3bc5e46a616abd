import { canonicalColour } from './colour-text.ts';
import type { Parameter } from './parameter.ts';
import { formattedString, numbersOf } from './text-format.ts';
import { Type } from './typebox.ts';

/** sharp's default. */
export const defaultTrimThreshold = 10;

/** Maps an angle in degrees to [0, 360). */
export function normalizeAngle(angle: number): number {
  return ((angle % 360) + 360) % 360;
}

/** Expands CSS shorthand to top, right, bottom and left, in pixels. */
export function expandPad(text: string): readonly [number, number, number, number] {
  const [top = 0, right = top, bottom = top, left = top] = numbersOf(text);
  return [top, right, bottom, left];
}

export const geometryParameters = {
  crop: {
    schema: formattedString('crop'),
    numbers: true,
    description:
      'Region to keep: left,top,width,height in pixels of the source, after applying its EXIF orientation. Must lie within the image.',
    example: '10,20,100,80',
    canonical: (text: string) => numbersOf(text).join(','),
  },
  trim: {
    schema: Type.Boolean({ default: false }),
    description: 'Trims borders of the same colour as the top left pixel. Not for animations.',
    example: true,
  },
  trim_threshold: {
    schema: Type.Number({ minimum: 0, maximum: 255, default: defaultTrimThreshold }),
    description:
      'Maximum difference from the colour of the top left pixel that trim still removes. No effect without trim.',
    example: 30,
    exampleWith: 'trim=true',
    modifies: 'trim',
  },
  flip: {
    schema: Type.Boolean({ default: false }),
    description: 'Flips the image vertically, top to bottom.',
    example: true,
  },
  flop: {
    schema: Type.Boolean({ default: false }),
    description: 'Mirrors the image horizontally, left to right.',
    example: true,
  },
  rotate: {
    schema: Type.Number({ minimum: -360, maximum: 360, default: 0 }),
    description:
      'Clockwise rotation in degrees, applied after flip and flop and before resizing. Unless the angle is a multiple of 90, the corners are filled with background.',
    example: 90,
    canonical: (angle: number) => normalizeAngle(angle) || undefined,
  },
  background: {
    alias: 'bg',
    schema: formattedString('color', { default: 'white' }),
    description:
      'CSS colour of the bars of fit=contain, of pad and of the corners of rotate, and behind transparent pixels if the format has no transparency. The # before hex digits is optional.',
    example: 'ff8800',
    exampleWith: 'pad=10',
    canonical: canonicalColour,
  },
  pad: {
    schema: formattedString('pad'),
    numbers: true,
    description:
      'Padding in pixels, filled with background: one number for all sides, or top,right,bottom,left. Adds to width and height.',
    example: '10,20,10,20',
    canonical(text: string) {
      const all = expandPad(text);
      return all.some((side) => side > 0) ? all.join(',') : undefined;
    },
  },
} as const satisfies Record<string, Parameter>;
