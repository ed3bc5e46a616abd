import { openPixels, type Pixels } from './pixels.ts';

/** Relative luminance of each pixel, sRGB-encoded. */
export async function luminanceOf(pixels: Pixels): Promise<Buffer> {
  return openPixels(pixels).toColourspace('b-w').raw().toBuffer();
}

/** Expands grey to the original's channels, with its alpha. */
export function fromGrey(grey: Uint8Array, { data: original, ...pixels }: Pixels): Pixels {
  const { channels } = pixels;
  const data = new Uint8Array(grey.length * channels);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += channels) {
    if (channels === 4) {
      const alpha = original[at + 3] as number;
      data[at + 3] = alpha;
      if (alpha === 0) continue;
    }
    data[at] = data[at + 1] = data[at + 2] = grey[pixel] as number;
  }
  return { ...pixels, data };
}
