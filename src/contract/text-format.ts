import colorString from 'color-string';
import { Format, type TString, Type } from './typebox.ts';

interface TextFormat {
  /** Completes "Expected …" in error messages. */
  expected: string;
  test(text: string): boolean;
}

const integers = /^\d{1,5}(,\d{1,5})*$/;
const fractions = /^(0|1|0?\.\d{1,6}|[01]\.\d{1,6})(,(0|1|0?\.\d{1,6}|[01]\.\d{1,6}))*$/;
const maxPad = 8192;

/** String formats of the parameters, registered with TypeBox below. */
export const textFormats = {
  color: {
    expected: 'a CSS colour such as white, #ff8800 or rgb(255 136 0 / 50%)',
    test: (text) => colorString.get(text) !== null,
  },
  crop: {
    expected: 'left,top,width,height in pixels such as 10,20,300,200',
    test(text) {
      const [, , width, height, ...more] = numbersOf(text);
      return integers.test(text) && Math.min(width ?? 0, height ?? 0) > 0 && more.length === 0;
    },
  },
  focus: {
    expected: 'x,y as fractions from 0 to 1 such as 0.5,0.3',
    test(text) {
      const point = numbersOf(text);
      return fractions.test(text) && point.length === 2 && Math.max(...point) <= 1;
    },
  },
  pad: {
    expected: `one number of pixels or top,right,bottom,left, each an integer from 0 to ${maxPad}`,
    test(text) {
      const sides = numbersOf(text);
      return integers.test(text) && (sides.length === 1 || sides.length === 4) && Math.max(...sides) <= maxPad;
    },
  },
} as const satisfies Record<string, TextFormat>;

for (const [name, { test }] of Object.entries(textFormats)) Format.Set(name, test);

/** Text for "Expected …" in error messages; undefined for a format that is not in `textFormats`. */
export function expectedText(format: string): string | undefined {
  return Object.hasOwn(textFormats, format) ? textFormats[format as keyof typeof textFormats].expected : undefined;
}

export function textOf(format: keyof typeof textFormats, options: { default?: string } = {}): TString {
  return Type.String({ format, maxLength: 64, ...options });
}

export function numbersOf(text: string): number[] {
  return text.split(',').map(Number);
}
