import { changePixels } from '../canvas.ts';
import { filterPixels } from '../filter.ts';
import { gaussian } from '../gaussian.ts';
import type { Pixels } from '../pixels.ts';
import type { Step } from './step.ts';

export const median = {
  parameters: ['median'],
  run(canvas, { parameters: { median } }) {
    if (median === undefined) return canvas;
    // libvips rejects windows larger than the image.
    const size = Math.min(median, canvas.size.width, canvas.size.height);
    if (size < 2) return canvas;
    const change = async (pixels: Pixels) =>
      filterPixels(await fillTransparent(pixels, size), (image) => image.median(size));
    return changePixels(canvas, change, 'each');
  },
} as const satisfies Step;

/** Fills fully transparent pixels with surrounding colours: their own, black, would skew the median. */
async function fillTransparent(pixels: Pixels, size: number): Promise<Pixels> {
  if (pixels.channels === 3) return pixels;
  const { data: blurred } = await gaussian(pixels, size / 2);
  const data = pixels.data.slice();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) for (let band = at; band < at + 3; band += 1) data[band] = blurred[band] as number;
  }
  return { ...pixels, data };
}
