import { RequestError } from '../../contract/errors.ts';
import { type Canvas, join, openPixels, pixelsOf } from './canvas.ts';
import { codecSettings, encodeAs, type Level, qualityOf } from './codecs.ts';
import type { Job } from './job.ts';
import { withMetadata } from './metadata.ts';
import type { Sharp } from './sharp.ts';

export interface Encoded {
  bytes: Buffer;
  width: number;
  /** Pixels, of one frame. */
  height: number;
}

/**
 * Writes the result in its format, its colours in sRGB: what every screen takes a picture without a profile for.
 * @throws RequestError where no quality makes it small enough for max_bytes
 */
export async function encode(canvas: Canvas, job: Job): Promise<Encoded> {
  const whole = await join(canvas);
  const { max_bytes: maxBytes } = job.parameters;
  if (maxBytes !== undefined) return fitting(whole, job, maxBytes);
  return write(whole.images[0] as Sharp, job);
}

async function write(image: Sharp, job: Job, level?: Level): Promise<Encoded> {
  const written = encodeAs(withMetadata(image.toColourspace('srgb'), job), job, level);
  const { data, info } = await written.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.pageHeight ?? info.height };
}

/** The best result that fits: the pixels are computed once, and each further try halves what is left to look at. */
async function fitting(canvas: Canvas, job: Job, maxBytes: number): Promise<Encoded> {
  const image = await fixed(canvas, job);
  const levels = levelsOf(job);
  let best: Encoded | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (let low = 0, high = levels.length - 1; low <= high; ) {
    // The best first where it may well do: without it, a search.
    const at = high === levels.length - 1 && isLosslessFirst(job) ? high : Math.floor((low + high) / 2);
    const made = await write(image.clone(), job, levels[at]);
    smallest = Math.min(smallest, made.bytes.length);
    if (made.bytes.length <= maxBytes) {
      best = made;
      low = at + 1;
    } else high = at - 1;
  }
  if (best !== undefined) return best;
  throw new RequestError(
    'invalid_request',
    `Expected at least ${smallest} bytes for max_bytes, which this image takes in ${job.format} at its least quality, but received ${maxBytes}`,
    { parameter: 'max_bytes' },
  );
}

/** The image with its pixels computed, so that each try is nothing but encoding. */
async function fixed(canvas: Canvas, { parameters: { metadata } }: Job): Promise<Sharp> {
  const [image] = canvas.images as [Sharp];
  return metadata === 'keep' ? image : openPixels(await pixelsOf(image), canvas.frames);
}

/** Whether the last of the levels is the file without a palette, which is worth a try of its own. */
function isLosslessFirst({ format }: Job): boolean {
  return format === 'png' || format === 'gif';
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Sizes of palettes that are told apart: by a quarter each, as the eye does. */
const paletteSizes = [2, 3, 4, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256];

/** What can be tried, from the smallest file to the best. */
function levelsOf(job: Job): Level[] {
  const { format, parameters } = job;
  const palettes = paletteSizes.map((colours) => ({ colours }));
  if (format === 'gif') return palettes;
  if (format === 'png') {
    if (parameters.lossless) return [{}];
    return parameters.quality === undefined || parameters.quality === 100 ? [...palettes, {}] : palettes;
  }
  const isVariable = codecSettings[format].quality !== undefined && !parameters.lossless;
  if (!isVariable || (format === 'tiff' && job.hasAlpha)) return [{}];
  return range(1, parameters.quality === undefined ? 100 : qualityOf(job)).map((quality) => ({ quality }));
}
