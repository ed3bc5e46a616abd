import type { Job } from './job.ts';
import { type Action, comesAfter } from './order.ts';
import type { Size } from './output-size.ts';
import { type Sharp, sharp } from './sharp.ts';

/** A lazy pipeline: its input and the sharp operations queued on it. */
export interface Canvas {
  /** One pipeline with all frames below each other, or one for each frame. */
  images: readonly Sharp[];
  frames: number;
  /** Pixels of one frame, after all queued operations. */
  size: Size;
  last: Action;
  /** Whether the input is computed 8-bit sRGB pixels rather than the file. */
  isComputed: boolean;
  hasAlpha: boolean;
  keepsMetadata: boolean;
}

/** Opens the image of a job without decoding it. */
export function openCanvas({ source, frames, page, parameters }: Job): Canvas {
  const input = { limitInputPixels: false, ...(frames > 1 ? { animated: true } : { page: page ?? 0 }) };
  const { bytes, raw } = source;
  const image = sharp(bytes, source.isPaged ? input : { limitInputPixels: false, ...(raw && { raw }) });
  return {
    // sharp converts 16 bits with a profile to Display P3 and labels it sRGB; this converts it on.
    images: [source.hasDeepProfile ? image.withIccProfile('srgb', { attach: false }) : image],
    frames,
    size: { width: source.width, height: source.height },
    last: 'open',
    isComputed: raw !== undefined,
    hasAlpha: source.hasAlpha,
    keepsMetadata: parameters.metadata === 'keep' && frames === 1,
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
  return { ...from, images: from.images.map(operation), last: action, size: size ?? from.size };
}

/** Queues an operation on 8-bit sRGB pixels, whatever the file holds. */
export async function applyToPixels(
  canvas: Canvas,
  action: Action,
  operation: (image: Sharp) => Sharp,
): Promise<Canvas> {
  return apply(canvas.isComputed ? canvas : await compute(canvas), action, operation);
}

export interface Pixels extends Size {
  data: Buffer;
  channels: 1 | 2 | 3 | 4;
}

/** Runs the queued operations; frames stay joined or split as they are. */
export async function compute(canvas: Canvas): Promise<Canvas> {
  if (canvas.keepsMetadata) return computeFile(canvas);
  const all: Pixels[] = [];
  for (const image of canvas.images) all.push(await pixelsOf(image));
  return computed(canvas, all);
}

/** Gives each frame its own pipeline, for operations that would mix stacked frames. */
export async function split(canvas: Canvas): Promise<Canvas> {
  if (canvas.images.length === canvas.frames) return canvas;
  const { data, width, height, channels } = await pixelsOf(canvas.images[0] as Sharp);
  const bytes = data.length / canvas.frames;
  const all = Array.from({ length: canvas.frames }, (_, frame) => ({
    data: data.subarray(frame * bytes, (frame + 1) * bytes),
    width,
    height: height / canvas.frames,
    channels,
  }));
  return computed(canvas, all);
}

/** Stacks the frames again, for operations on all of them and for the encoder. */
export async function join(canvas: Canvas): Promise<Canvas> {
  const [first] = canvas.images;
  if (canvas.images.length === 1 || first === undefined) return canvas;
  const all: Pixels[] = [];
  for (const image of canvas.images) all.push(await pixelsOf(image));
  const [{ width, height, channels }] = all as [Pixels];
  const data = Buffer.concat(all.map((pixels) => pixels.data));
  return computed(canvas, [{ data, width, height: height * canvas.frames, channels }]);
}

export async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

export function openPixels({ data, ...raw }: Pixels, frames = 1): Sharp {
  const pages = frames > 1 ? { pageHeight: raw.height / frames } : {};
  return sharp(data, { raw: { ...raw, ...pages }, animated: frames > 1, limitInputPixels: false });
}

function computed(canvas: Canvas, all: readonly Pixels[]): Canvas {
  const together = canvas.frames / all.length;
  const [{ width, height, channels }] = all as [Pixels];
  return {
    ...canvas,
    images: all.map((pixels) => openPixels(pixels, together)),
    size: { width, height: height / together },
    last: 'open',
    isComputed: true,
    hasAlpha: channels % 2 === 0,
  };
}

/** Goes through PNG, the fastest format that keeps pixels and metadata intact. */
async function computeFile(canvas: Canvas): Promise<Canvas> {
  const [image] = canvas.images as [Sharp];
  const { data, info } = await image
    .toColourspace('srgb')
    .keepExif()
    .keepXmp()
    .png({ compressionLevel: 0 })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return {
    ...canvas,
    images: [sharp(data, { limitInputPixels: false })],
    size: { width, height },
    last: 'open',
    isComputed: true,
    hasAlpha: channels % 2 === 0,
  };
}
