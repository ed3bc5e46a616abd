import colorString from 'color-string';
import { withHash } from '../../contract/colour-text.ts';

/** As in sharp: channels from 0 to 255, alpha from 0 to 1. */
export interface Colour {
  r: number;
  g: number;
  b: number;
  alpha: number;
}

/** Parses a CSS colour. */
export function parseColour(text: string): Colour {
  const { model, value } = colorString.get(withHash(text)) ?? { model: 'rgb', value: [0, 0, 0, 1] };
  const [a = 0, b = 0, c = 0, alpha = 1] = value;
  const toRgb = {
    rgb: () => [a, b, c],
    hsl: () => fromHsl(a, b / 100, c / 100),
    hwb: () => fromHwb(a, b / 100, c / 100),
  };
  const [red = 0, green = 0, blue = 0] = toRgb[model]().map((channel) =>
    Math.min(255, Math.max(0, Math.round(channel))),
  );
  return { r: red, g: green, b: blue, alpha };
}

/** https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function fromHsl(hue: number, saturation: number, lightness: number): number[] {
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    const reach = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}

/** https://www.w3.org/TR/css-color-4/#hwb-to-rgb */
function fromHwb(hue: number, white: number, black: number): number[] {
  if (white + black >= 1) return Array(3).fill((255 * white) / (white + black));
  return fromHsl(hue, 1, 0.5).map((channel) => channel * (1 - white - black) + 255 * white);
}
