import type { Job } from './job.ts';
import { openSource } from './open-source.ts';
import { type Action, comesAfter } from './order.ts';
import type { Margins, Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, stack, toEightBits, unstack } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** A lazy pipeline: its input and the sharp operations queued on it. */
export interface Canvas {
  /** One pipeline with all frames below each other, or one for each frame. */
  images: readonly Sharp[];
  /** What the images read, while nothing is queued on them; undefined also for the file. */
  pixels: readonly Pixels[] | undefined;
  frames: number;
  /** Pixels of one frame, after all queued operations. */
  size: Size;
  last: Action;
  hasAlpha: boolean;
  /** Whether pixels are computed with 16 bits a channel. */
  isDeep: boolean;
  /** Whether the images read 16 bits a channel from the file. */
  isFromDeep: boolean;
  /** Whether sharp works on three bands of 8 bits in sRGB, to which a colour can be added. */
  isRgb: boolean;
  /** Where the image covers its turned canvas: its alpha, which is that of `mask` where it had one before. */
  turned: { mask: Canvas | undefined } | undefined;
  /** Added around the image after all effects. */
  margins: Margins;
}

/** Opens the image of a job without decoding it. */
export function openCanvas({ source, frames, page, isDeep }: Job): Canvas {
  return {
    images: [openSource(source, { frames, page })],
    pixels: undefined,
    frames,
    size: { width: source.width, height: source.height },
    last: 'open',
    hasAlpha: source.hasAlpha,
    isDeep,
    isFromDeep: source.isDeep,
    isRgb: !source.isDeep && (source.colorSpace === 'srgb' || source.colorSpace === 'cmyk'),
    turned: undefined,
    margins: { top: 0, right: 0, bottom: 0, left: 0 },
  };
}

/**
 * Queues an operation, on a new pipeline where sharp would run it too early in the present one.
 * @param size of the result, where it changes
 */
export async function apply(
  canvas: Canvas,
  action: Action,
  operation: (image: Sharp) => Sharp,
  size?: Size,
): Promise<Canvas> {
  const from = comesAfter(action, canvas.last) ? canvas : await compute(canvas);
  return { ...from, images: from.images.map(operation), pixels: undefined, last: action, size: size ?? from.size };
}

/** Applies a change to the pixels: of all frames together, or of each on its own. */
export async function changePixels(
  canvas: Canvas,
  change: (pixels: Pixels) => Pixels | Promise<Pixels>,
  of: 'all' | 'each' = 'all',
): Promise<Canvas> {
  const from = of === 'all' ? await join(await compute(canvas)) : await split(canvas);
  const changed: Pixels[] = [];
  for (const pixels of from.pixels ?? []) changed.push(await change(pixels));
  return withPixels(from, changed);
}

/** Runs the queued operations; frames stay joined or split as they are. */
export async function compute(canvas: Canvas): Promise<Canvas> {
  if (canvas.pixels !== undefined) return canvas;
  const all: Pixels[] = [];
  for (const image of canvas.images) all.push(await run(image, canvas));
  return withPixels(canvas, all);
}

/** Of 16 bits, colours are converted before they are rounded to 8. */
async function run(image: Sharp, { isDeep, isFromDeep }: Canvas): Promise<Pixels> {
  const pixels = await pixelsOf(image, isDeep || isFromDeep);
  return isDeep || !isFromDeep ? pixels : toEightBits(pixels, 257);
}

/** Gives each frame its own pixels, for operations that would mix stacked frames. */
export async function split(canvas: Canvas): Promise<Canvas> {
  const from = await compute(canvas);
  const [whole] = from.pixels as [Pixels];
  return from.images.length === from.frames ? from : withPixels(from, unstack(whole, from.frames));
}

/** Stacks the frames again, for operations on all of them and for the encoder. */
export async function join(canvas: Canvas): Promise<Canvas> {
  if (canvas.images.length === 1) return canvas;
  const from = await compute(canvas);
  return withPixels(from, [stack(from.pixels as readonly Pixels[])]);
}

/** Continues with other pixels, of all frames or of each. */
export function withPixels(canvas: Canvas, all: readonly Pixels[]): Canvas {
  const together = canvas.frames / all.length;
  const [{ width, height, channels }] = all as [Pixels];
  return {
    ...canvas,
    images: all.map((pixels) => openPixels(pixels, together)),
    pixels: all,
    size: { width, height: height / together },
    last: 'open',
    hasAlpha: channels === 4,
    isFromDeep: canvas.isDeep,
    isRgb: !canvas.isDeep,
  };
}
