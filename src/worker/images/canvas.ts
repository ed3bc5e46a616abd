import type { Stages } from '../stages.ts';
import type { Job } from './job.ts';
import { openLevel } from './level.ts';
import { openSource } from './open-source.ts';
import { type Action, comesAfter } from './order.ts';
import type { Margins, Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, stack, toEightBits, unstack } from './pixels.ts';
import type { Sharp } from './sharp.ts';

/** A lazy pipeline: its input and the operations queued on it. */
export interface Canvas {
  /** One with all frames stacked, or one per frame. */
  images: readonly Sharp[];
  /** Read by `images` while nothing is queued; undefined if that is the file. */
  pixels: readonly Pixels[] | undefined;
  frames: number;
  /** `images` read pixels, not the file. */
  isDecoded: boolean;
  stages: Stages;
  /** Of one frame, after all queued operations. */
  size: Size;
  last: Action;
  hasAlpha: boolean;
  /** 16 bits a channel. */
  isDeep: boolean;
  /** `images` read 16 bits from the file. */
  isFromDeep: boolean;
  /** sharp works in 8-bit RGB, where a colour can be added. */
  isRgb: boolean;
  /** Coverage after a slanted rotate: alpha of `mask`, else of the image. */
  turned: { mask: Canvas | undefined } | undefined;
  /** Added after all effects. */
  margins: Margins;
}

export function openCanvas({ source, level, frames, page, isDeep, stages }: Job): Canvas {
  return {
    images: [level === undefined ? openSource(source, { frames, page }) : openLevel(level)],
    pixels: undefined,
    frames,
    isDecoded: false,
    stages,
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
 * Queues an operation, on a new pipeline where sharp would run it too early.
 * @param size if it changes
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

/** Changes all frames' pixels together or each alone. */
export async function changePixels(
  canvas: Canvas,
  change: (pixels: Pixels) => Pixels | Promise<Pixels>,
  of: 'all' | 'each' = 'all',
): Promise<Canvas> {
  const from = of === 'all' ? await join(await compute(canvas)) : await split(canvas);
  const changed: Pixels[] = [];
  await from.stages.run('steps', async () => {
    for (const pixels of from.pixels ?? []) changed.push(await change(pixels));
  });
  return withPixels(from, changed);
}

/** Runs the queued operations; frames stay joined or split. */
export async function compute(canvas: Canvas): Promise<Canvas> {
  if (canvas.pixels !== undefined) return canvas;
  const all: Pixels[] = [];
  await canvas.stages.run(canvas.isDecoded ? 'steps' : 'decode', async () => {
    for (const image of canvas.images) all.push(await run(image, canvas));
  });
  return withPixels(canvas, all);
}

/** Colours are converted before they are rounded to 8 bits. */
async function run(image: Sharp, { isDeep, isFromDeep }: Canvas): Promise<Pixels> {
  const pixels = await pixelsOf(image, isDeep || isFromDeep);
  return isDeep || !isFromDeep ? pixels : toEightBits(pixels, 257);
}

/** One pipeline per frame: operations would mix stacked frames. */
export async function split(canvas: Canvas): Promise<Canvas> {
  const from = await compute(canvas);
  const [whole] = from.pixels as [Pixels];
  return from.images.length === from.frames ? from : withPixels(from, unstack(whole, from.frames));
}

export async function join(canvas: Canvas): Promise<Canvas> {
  if (canvas.images.length === 1) return canvas;
  const from = await compute(canvas);
  return withPixels(from, [stack(from.pixels as readonly Pixels[])]);
}

export function withPixels(canvas: Canvas, all: readonly Pixels[]): Canvas {
  const together = canvas.frames / all.length;
  const [{ width, height, channels }] = all as [Pixels];
  return {
    ...canvas,
    images: all.map((pixels) => openPixels(pixels, together)),
    pixels: all,
    isDecoded: true,
    size: { width, height: height / together },
    last: 'open',
    hasAlpha: channels === 4,
    isFromDeep: canvas.isDeep,
    isRgb: !canvas.isDeep,
  };
}
