import { changePixels, compute } from '../canvas.ts';
import type { Colour } from '../colour.ts';
import type { Pixels } from '../pixels.ts';
import type { Step } from './step.ts';

/** Fills the corners that `rotate` left empty with the background. */
export const fillCorners = {
  parameters: ['background'],
  async run(canvas, { background }) {
    const { emptyCorners, hasAlpha } = canvas;
    if (emptyCorners === undefined || background.alpha === 0 || !hasAlpha) return canvas;
    const [mask] = (emptyCorners.mask && (await compute(emptyCorners.mask)).pixels) ?? [];
    return changePixels(canvas, (pixels) => fill(pixels, mask ?? pixels, background), 'each');
  },
} as const satisfies Step;

/** Adds background where the mask is transparent; drops the alpha channel if the result is opaque. */
function fill(pixels: Pixels, mask: Pixels, { r, g, b, alpha }: Colour): Pixels {
  const { data, width, height } = pixels;
  const channels = mask === pixels && alpha === 1 ? 3 : 4;
  const filled = new Uint8Array(width * height * channels);
  const colours = [r, g, b];
  for (let from = 0, to = 0; from < data.length; from += 4, to += channels) {
    const own = (data[from + 3] as number) / 255;
    const added = (1 - (mask.data[from + 3] as number) / 255) * alpha;
    const sum = own + added;
    if (sum === 0) continue;
    for (let band = 0; band < 3; band += 1) {
      filled[to + band] = Math.round(((data[from + band] as number) * own + (colours[band] as number) * added) / sum);
    }
    if (channels === 4) filled[to + 3] = Math.round(Math.min(1, sum) * 255);
  }
  return { ...pixels, data: filled, channels };
}
