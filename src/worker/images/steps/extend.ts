import { apply, changePixels } from '../canvas.ts';
import type { Colour } from '../colour.ts';
import type { Margins } from '../output-size.ts';
import { type Pixels, samplesLike } from '../pixels.ts';
import type { Step } from './step.ts';

/** Adds the bars of `contain` and the padding. */
export const extend = {
  parameters: ['pad', 'background'],
  async run(canvas, { background }) {
    const { top, right, bottom, left } = canvas.margins;
    if (top + right + bottom + left === 0) return canvas;
    const size = { width: canvas.size.width + left + right, height: canvas.size.height + top + bottom };
    // sharp rounds translucent colours, and cannot extend with pure white in 16 bits.
    const isExact = canvas.isRgb && background.alpha === 1;
    if (!isExact) return changePixels(canvas, (pixels) => extended(pixels, canvas.margins, background), 'each');
    return apply(canvas, 'extend', (image) => image.extend({ ...canvas.margins, background }), size);
  },
} as const satisfies Step;

function extended(pixels: Pixels, { top, right, bottom, left }: Margins, { r, g, b, alpha }: Colour): Pixels {
  const [width, height] = [pixels.width + left + right, pixels.height + top + bottom];
  const channels = pixels.channels === 4 || alpha < 1 ? 4 : 3;
  const max = pixels.data instanceof Uint16Array ? 65_535 : 255;
  const data = samplesLike(pixels.data, width * height * channels);
  const visible = Math.round(alpha * 255);
  const colour = (visible === 0 ? [0, 0, 0, 0] : [r, g, b, visible]).map((value) => (value * max) / 255);
  data.set(colour.slice(0, channels));
  for (let filled = channels; filled < data.length; filled *= 2) data.copyWithin(filled, 0, filled);
  for (let y = 0; y < pixels.height; y += 1) {
    const to = ((y + top) * width + left) * channels;
    const row = pixels.data.subarray(y * pixels.width * pixels.channels, (y + 1) * pixels.width * pixels.channels);
    if (channels === pixels.channels) data.set(row, to);
    else copyOpaque(row, data, to, max);
  }
  return { data, width, height, channels };
}

function copyOpaque(row: Pixels['data'], data: Pixels['data'], start: number, max: number): void {
  for (let from = 0, to = start; from < row.length; from += 3, to += 4) {
    for (let band = 0; band < 3; band += 1) data[to + band] = row[from + band] as number;
    data[to + 3] = max;
  }
}
