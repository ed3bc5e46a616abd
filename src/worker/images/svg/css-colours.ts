import { colourSpaceOf, gammaToLinear, type Primaries, srgbFromLinear, srgbToLinear } from '../colour/colour-space.ts';
import { d50, fromConnectionSpace, toLinearSrgb, type Vector } from '../colour/icc-profile.ts';
import { sheetOrTag } from './sheet-or-tag.ts';

const colourFunction = /(?<![\w-])(oklab|oklch|lab|lch|color)\(([^()]*)\)/gi;

/**
 * Converts colours in functions of CSS Color 4 that librsvg takes for black to sRGB, clipped to its gamut as in
 * browsers (https://www.w3.org/TR/css-color-4/#color-conversion-code).
 */
export function withSrgbColours(text: string): string {
  return text.replace(sheetOrTag, (part) =>
    part.replace(colourFunction, (whole, name: string, parameters: string) => {
      const [coordinates = '', alpha = '1'] = parameters.split('/');
      const light = toLinear(name.toLowerCase(), coordinates.trim().split(/\s+/));
      const opacity = numberOf(alpha.trim(), 1);
      if (light === undefined || ![...light, opacity].every(Number.isFinite)) return whole;
      return `rgba(${light.map(toByte).join(',')},${opacity})`;
    }),
  );
}

const toByte = (light: number) => Math.round(255 * Math.min(1, Math.max(0, srgbFromLinear(Math.max(0, light)))));

/** @returns linear sRGB, which may be out of range; undefined for an unknown colour space */
function toLinear(name: string, values: readonly string[]): Vector | undefined {
  if (name === 'color') return fromRgb(values);
  if (values.length !== 3) return undefined;
  const [first, second, third] = values as [string, string, string];
  const isOk = name.startsWith('ok');
  const lightness = numberOf(first, isOk ? 1 : 100);
  const isPolar = name.endsWith('lch');
  const unit = isOk ? 0.4 : isPolar ? 150 : 125;
  const hue = isPolar ? radiansOf(third) : 0;
  const [a, b] = isPolar
    ? [numberOf(second, unit) * Math.cos(hue), numberOf(second, unit) * Math.sin(hue)]
    : [numberOf(second, unit), numberOf(third, unit)];
  return isOk ? fromOklab(lightness, a, b) : fromLab(lightness, a, b);
}

/** Spaces of `color()` by their H.273 codes, or with curves of their own. */
const spaces: Record<string, { primaries: number; toLinear: (v: number) => number }> = {
  srgb: { primaries: 1, toLinear: srgbToLinear },
  'srgb-linear': { primaries: 1, toLinear: (v) => v },
  'display-p3': { primaries: 12, toLinear: srgbToLinear },
  rec2020: { primaries: 9, toLinear: gammaToLinear(2.4) },
};

function fromRgb([name = '', ...values]: readonly string[]): Vector | undefined {
  const space = spaces[name.toLowerCase()];
  if (space === undefined || values.length !== 3) return undefined;
  const light = values.map((value) => space.toLinear(Math.max(0, numberOf(value, 1)))) as Vector;
  const { primaries } = colourSpaceOf(space.primaries, 8) as { primaries: Primaries };
  return toLinearSrgb(light, primaries);
}

function fromLab(lightness: number, a: number, b: number): Vector {
  const y = (lightness + 16) / 116;
  const [epsilon, kappa] = [216 / 24_389, 24_389 / 27];
  const ratios = [y + a / 500, y, y - b / 200].map((f) => (f ** 3 > epsilon ? f ** 3 : (116 * f - 16) / kappa));
  return fromConnectionSpace(ratios.map((ratio, index) => ratio * (d50[index] as number)) as Vector);
}

/** https://bottosson.github.io/posts/oklab/ */
function fromOklab(lightness: number, a: number, b: number): Vector {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** @param whole what 100 % stands for */
function numberOf(text: string, whole: number): number {
  if (text === 'none') return 0;
  return text.endsWith('%') ? (Number(text.slice(0, -1)) * whole) / 100 : Number(text);
}

const perTurn: Record<string, number> = { '': 360, deg: 360, grad: 400, rad: 2 * Math.PI, turn: 1 };

function radiansOf(text: string): number {
  if (text === 'none') return 0;
  const [, number, unit = ''] = /^([+-]?[\d.]+(?:e[+-]?\d+)?)([a-z]*)$/i.exec(text) ?? [];
  return (Number(number) / (perTurn[unit.toLowerCase()] ?? Number.NaN)) * 2 * Math.PI;
}
