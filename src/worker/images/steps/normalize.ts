import { changePixels } from '../canvas.ts';
import { srgbToLinear } from '../colour/colour-space.ts';
import { filterPixels } from '../filter.ts';
import { luminanceOf } from '../luminance.ts';
import type { Pixels } from '../pixels.ts';
import type { Step } from './step.ts';

/** Share of pixels that is clipped at each end of the histogram. */
const clippedShare = 0.01;

/** Stretches all frames by the same histogram: with one each, animations would flicker. */
export const normalize = {
  parameters: ['normalize'],
  run(canvas, { parameters: { normalize } }) {
    return normalize ? changePixels(canvas, stretch) : canvas;
  },
} as const satisfies Step;

async function stretch(pixels: Pixels): Promise<Pixels> {
  const [dark, light] = percentiles(await histogram(pixels)).map(lightness) as [number, number];
  if (light - dark < 1) return pixels;
  const brightness = 100 / (light - dark);
  return filterPixels(pixels, (image) => image.modulate({ brightness, lightness: -dark * brightness }));
}

/** Luminance histogram, weighted by alpha. */
async function histogram(pixels: Pixels): Promise<Float64Array> {
  const counts = new Float64Array(256);
  const { data, channels } = pixels;
  const greys = await luminanceOf(pixels);
  for (let pixel = 0; pixel < greys.length; pixel += 1) {
    const grey = greys[pixel] as number;
    counts[grey] = (counts[grey] as number) + (channels === 4 ? (data[4 * pixel + 3] as number) / 255 : 1);
  }
  return counts;
}

function percentiles(counts: Float64Array): [number, number] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const percentile = (share: number) => {
    let sum = 0;
    return counts.findIndex((count) => {
      sum += count;
      return sum > share * total;
    });
  };
  return [percentile(clippedShare), percentile(1 - clippedShare)];
}

/** CIE L* of an sRGB grey. */
function lightness(grey: number): number {
  const light = srgbToLinear(grey / 255);
  return light <= 216 / 24_389 ? (light * 24_389) / 27 : 116 * Math.cbrt(light) - 16;
}
