import type { Stages } from '../stages.ts';
import { openLevel } from './level.ts';
import { openSource } from './open-source.ts';
import type { Margins, Size } from './output-size.ts';
import { openPixels, type Pixels, pixelsOf, stack, toEightBits, unstack } from './pixels.ts';
import type { Plan } from './plan.ts';
import type { Sharp } from './sharp.ts';
import { type Action, runsAfter } from './sharp-order.ts';

/** A lazy pipeline: its input and the operations queued on it. */
export interface Canvas {
  /** One image with all frames stacked, or one image per frame. */
  images: readonly Sharp[];
  /** Input of `images` while no operation is queued; undefined if that is the file. */
  pixels: readonly Pixels[] | undefined;
  frames: number;
  /** Whether `images` read pixels rather than the file. */
  isDecoded: boolean;
  stages: Stages;
  /** Size of one frame after all queued operations. */
  size: Size;
  /** The last action queued. */
  lastAction: Action;
  hasAlpha: boolean;
  /** 16 bits a channel. */
  isDeep: boolean;
  /** Whether `images` read 16 bits a channel. */
  isInputDeep: boolean;
  /** Whether sharp works in 8-bit RGB, where colours can be added exactly. */
  isRgb: boolean;
  /** Set if `rotate` left corners empty: the alpha of `mask`, or else of the image, marks them. */
  emptyCorners: { mask: Canvas | undefined } | undefined;
  /** Bars and padding, added after all effects. */
  margins: Margins;
}

export function openCanvas({ source, level, frames, page, isDeep, stages }: Plan): Canvas {
  return {
    images: [level === undefined ? openSource(source, { frames, page }) : openLevel(level)],
    pixels: undefined,
    frames,
    isDecoded: false,
    stages,
    size: { width: source.width, height: source.height },
    lastAction: 'open',
    hasAlpha: source.hasAlpha,
    isDeep,
    isInputDeep: source.isDeep,
    isRgb: !source.isDeep && (source.colorSpace === 'srgb' || source.colorSpace === 'cmyk'),
    emptyCorners: undefined,
    margins: { top: 0, right: 0, bottom: 0, left: 0 },
  };
}

/**
 * Queues an operation; starts a new pipeline if sharp would run it too early.
 * @param size of the result, if it changes
 */
export async function apply(
  canvas: Canvas,
  action: Action,
  operation: (image: Sharp) => Sharp,
  size?: Size,
): Promise<Canvas> {
  const from = runsAfter(action, canvas.lastAction) ? canvas : await compute(canvas);
  return {
    ...from,
    images: from.images.map(operation),
    pixels: undefined,
    lastAction: action,
    size: size ?? from.size,
  };
}

/** Changes the pixels of all frames together, or of each frame separately. */
export async function changePixels(
  canvas: Canvas,
  change: (pixels: Pixels) => Pixels | Promise<Pixels>,
  frameMode: 'all' | 'each' = 'all',
): Promise<Canvas> {
  const from = frameMode === 'all' ? await join(await compute(canvas)) : await split(canvas);
  const changed: Pixels[] = [];
  await from.stages.run('steps', async () => {
    for (const pixels of from.pixels ?? []) changed.push(await change(pixels));
  });
  return withPixels(from, changed);
}

/** Runs the queued operations; frames stay joined or split as they were. */
export async function compute(canvas: Canvas): Promise<Canvas> {
  if (canvas.pixels !== undefined) return canvas;
  const all: Pixels[] = [];
  await canvas.stages.run(canvas.isDecoded ? 'steps' : 'decode', async () => {
    for (const image of canvas.images) all.push(await run(image, canvas));
  });
  return withPixels(canvas, all);
}

/** 16-bit input is converted to sRGB before it is rounded to 8 bits. */
async function run(image: Sharp, { isDeep, isInputDeep }: Canvas): Promise<Pixels> {
  const pixels = await pixelsOf(image, isDeep || isInputDeep);
  return isDeep || !isInputDeep ? pixels : toEightBits(pixels);
}

/** Gives each frame its own pipeline: operations would mix neighbouring rows of stacked frames. */
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
  const framesPerImage = canvas.frames / all.length;
  const [{ width, height, channels }] = all as [Pixels];
  return {
    ...canvas,
    images: all.map((pixels) => openPixels(pixels, framesPerImage)),
    pixels: all,
    isDecoded: true,
    size: { width, height: height / framesPerImage },
    lastAction: 'open',
    hasAlpha: channels === 4,
    isInputDeep: canvas.isDeep,
    isRgb: !canvas.isDeep,
  };
}
