import type { Area, Size } from '../output-size.ts';
import { cssDpi } from '../sharp.ts';

/** https://www.w3.org/TR/css-images-3/#default-object-size */
const defaultSize: Size = { width: 300, height: 150 };

/** Initial font size, in CSS pixels. */
export const fontSize = 16;

/** CSS pixels per unit. Percentages and viewport units have none, as there is no viewport. */
const units: Record<string, number> = {
  '': 1,
  px: 1,
  in: cssDpi,
  cm: cssDpi / 2.54,
  mm: cssDpi / 25.4,
  q: cssDpi / 101.6,
  pt: cssDpi / 72,
  pc: cssDpi / 6,
  em: fontSize,
  rem: fontSize,
  ex: fontSize / 2,
  ch: fontSize / 2,
};

/**
 * The natural size by width and height, or else by the viewBox ratio within 300 x 150
 * (https://www.w3.org/TR/css-images-3/#default-sizing). Like browsers, uses the attributes only: CSS does not size the
 * root of an <img>.
 * @returns CSS pixels, possibly fractional; 0 if the file says so
 */
export function naturalSize(attributes: ReadonlyMap<string, string>): Size {
  const width = pixels(attributes.get('width'));
  const height = pixels(attributes.get('height'));
  if (width !== undefined && height !== undefined) return { width, height };
  const ratio = ratioOf(attributes);
  if (width !== undefined) return { width, height: ratio === undefined ? defaultSize.height : width / ratio };
  if (height !== undefined) return { width: ratio === undefined ? defaultSize.width : height * ratio, height };
  if (ratio === undefined) return defaultSize;
  const fitted = Math.min(defaultSize.width, defaultSize.height * ratio);
  return { width: fitted, height: fitted / ratio };
}

/** CSS pixels of a length; undefined for percentages and viewport units. */
export function pixels(length: string | undefined): number | undefined {
  const [, number, unit = ''] = /^\s*\+?((?:\d+\.?|\d*\.\d+)(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(length ?? '') ?? [];
  const factor = units[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function ratioOf(attributes: ReadonlyMap<string, string>): number | undefined {
  if (/^\s*none/.test(attributes.get('preserveAspectRatio') ?? '')) return undefined;
  const box = viewBox(attributes);
  return box && box.width / box.height;
}

export function viewBox(attributes: ReadonlyMap<string, string>): Area | undefined {
  const numbers = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [left = 0, top = 0, width = 0, height = 0] = numbers;
  return numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0
    ? { left, top, width, height }
    : undefined;
}
