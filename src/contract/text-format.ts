import { isColour } from './colour-text.ts';
import { unsignedNumberPattern } from './number-text.ts';
import { Format, type TString, Type } from './typebox.ts';

interface TextFormat {
  /** Completes "Expected …". */
  expected: string;
  /** For OpenAPI and AsyncAPI; `test` may be stricter. */
  pattern?: string;
  test(text: string): boolean;
}

const maxPad = 8192;
const maxCrop = 99_999;

const numbers = (count: number) => `${unsignedNumberPattern}(?:,${unsignedNumberPattern}){${count - 1}}`;
const listParser = (pattern: string) => {
  const format = new RegExp(pattern);
  return (text: string): number[] | undefined => (format.test(text) ? numbersOf(text) : undefined);
};
const isIntegerUpTo = (maximum: number) => (value: number) => Number.isInteger(value) && value <= maximum;

const crop = `^${numbers(4)}$`;
const focus = `^${numbers(2)}$`;
const pad = `^(?:${unsignedNumberPattern}|${numbers(4)})$`;
const [parseCrop, parseFocus, parsePad] = [listParser(crop), listParser(focus), listParser(pad)];

/** Registered with TypeBox below. */
export const textFormats: Readonly<Record<'color' | 'crop' | 'focus' | 'pad', TextFormat>> = {
  color: {
    expected: 'a CSS colour such as white, ff8800, #ff8800 or rgb(255 136 0 / 50%)',
    test: isColour,
  },
  crop: {
    expected: 'left,top,width,height in pixels such as 10,20,300,200',
    pattern: crop,
    test(text) {
      const area = parseCrop(text);
      const [, , width = 0, height = 0] = area ?? [];
      return Math.min(width, height) > 0 && (area?.every(isIntegerUpTo(maxCrop)) ?? false);
    },
  },
  focus: {
    expected: 'x,y as fractions from 0 to 1 such as 0.5,0.3',
    pattern: focus,
    test: (text) => parseFocus(text)?.every((value) => value <= 1) ?? false,
  },
  pad: {
    expected: `one number of pixels or top,right,bottom,left, each an integer from 0 to ${maxPad}`,
    pattern: pad,
    test: (text) => parsePad(text)?.every(isIntegerUpTo(maxPad)) ?? false,
  },
};

/** Longer texts fail unread: some tests take quadratic time. */
const maxLength = 64;

for (const [name, { test }] of Object.entries(textFormats))
  Format.Set(name, (text) => text.length <= maxLength && test(text));

/** Completes "Expected …"; undefined for a format not in `textFormats`. */
export function expectedText(format: string): string | undefined {
  return Object.hasOwn(textFormats, format) ? textFormats[format as keyof typeof textFormats].expected : undefined;
}

/** Schema of a string in one of `textFormats`. */
export function formattedString(format: keyof typeof textFormats, options: { default?: string } = {}): TString {
  return Type.String({ format, maxLength, ...options });
}

export function numbersOf(text: string): number[] {
  return text.split(',').map(Number);
}
