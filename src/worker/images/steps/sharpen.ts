import { changePixels } from '../canvas.ts';
import { filterPixels } from '../filter.ts';
import { openPixels, type Pixels, pixelsOf } from '../pixels.ts';
import { inParts } from '../turns.ts';
import type { Step } from './step.ts';

export const sharpen = {
  parameters: ['sharpen'],
  run(canvas, { parameters: { sharpen: sigma } }) {
    if (sigma === undefined) return canvas;
    const sharpened = canvas.hasAlpha ? sharpenTranslucent : sharpenOpaque;
    return changePixels(canvas, (pixels) => sharpened(pixels, sigma), 'each');
  },
} as const satisfies Step;

function sharpenOpaque(pixels: Pixels, sigma: number): Promise<Pixels> {
  return filterPixels(pixels, (image) => image.sharpen({ sigma }));
}

/** Sharpens premultiplied colours in 16 bits: sharp premultiplies in 8, which darkens those of low alpha. */
async function sharpenTranslucent(pixels: Pixels, sigma: number): Promise<Pixels> {
  const { data, width, height } = pixels;
  const colours = new Uint16Array(width * height * 3);
  await inParts(data.length, (start, end) => {
    for (let from = start, to = (start / 4) * 3; from < end; from += 4, to += 3) {
      const factor = ((data[from + 3] as number) * 257) / 255;
      for (let band = 0; band < 3; band += 1) colours[to + band] = Math.round((data[from + band] as number) * factor);
    }
  });
  const opaque = openPixels({ data: colours, width, height, channels: 3 });
  const { data: sharpened } = await pixelsOf(opaque.sharpen({ sigma }), true);
  const result = data.slice();
  await inParts(result.length, (start, end) => {
    for (let from = (start / 4) * 3, to = start; to < end; from += 3, to += 4) {
      const factor = 255 / 257 / (result[to + 3] as number);
      for (let band = 0; result[to + 3] !== 0 && band < 3; band += 1) {
        result[to + band] = Math.min(255, Math.round((sharpened[from + band] as number) * factor));
      }
    }
  });
  return { ...pixels, data: result };
}
