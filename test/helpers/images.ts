import sharp, { type Sharp } from 'sharp';

/** The channels of one pixel, as sharp's `raw()` returns them. */
export type Pixel = [number, number, number] | [number, number, number, number];

export const red: Pixel = [255, 0, 0];
export const green: Pixel = [0, 128, 0];
export const blue: Pixel = [0, 0, 255];
export const white: Pixel = [255, 255, 255];

/** A single colour; alpha is 0 to 255. */
export function plain(width: number, height: number, [r, g, b, alpha]: Pixel): Sharp {
  const background = { r, g, b, alpha: (alpha ?? 255) / 255 };
  return sharp({ create: { width, height, channels: alpha === undefined ? 3 : 4, background } });
}

/** Red, green, blue and white quarters, clockwise from the top left, so rotations, mirroring and crops show. */
export async function quarters(width: number, height: number): Promise<Sharp> {
  const [w, h] = [width / 2, height / 2];
  const quarter = async (colour: Pixel, left: number, top: number) => ({
    input: await plain(w, h, colour).png().toBuffer(),
    left,
    top,
  });
  const made = await plain(width, height, red)
    .composite(await Promise.all([quarter(green, w, 0), quarter(blue, w, h), quarter(white, 0, h)]))
    .png()
    .toBuffer();
  return sharp(made);
}

/** An animation with one frame per colour. */
export async function animation(
  format: 'gif' | 'webp',
  width: number,
  height: number,
  colours: Pixel[],
): Promise<Buffer> {
  const frames = await Promise.all(colours.map((colour) => plain(width, height, colour).png().toBuffer()));
  const image = sharp(frames, { join: { animated: true } });
  return format === 'gif'
    ? image.gif({ delay: colours.map(() => 100) }).toBuffer()
    : image.webp({ lossless: true }).toBuffer();
}

/** A red circle on a transparent background. */
export const svg = Buffer.from(
  '<?xml version="1.0"?>\n<!-- a circle --><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">' +
    '<circle cx="20" cy="10" r="10" fill="red"/></svg>',
);

/** Decoded pixels; frames of an animation are stacked vertically. */
export interface Pixels {
  width: number;
  height: number;
  channels: number;
  at(x: number, y: number): number[];
}

export async function pixelsOf(image: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(image, { animated: true }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return {
    width,
    height,
    channels,
    at: (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)],
  };
}

/** Distance of two colours: the largest difference in a channel. A missing channel of `b` counts as 255. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 255))));
}

/** The first half of an image file, its header intact. */
export function truncated(image: Buffer): Buffer {
  return image.subarray(0, Math.floor(image.length / 2));
}
