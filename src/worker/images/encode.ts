import { RequestError } from '../../contract/errors.ts';
import { type Canvas, join } from './canvas.ts';
import { encodeAs, type Level } from './codecs.ts';
import type { Job } from './job.ts';
import { withMetadata } from './metadata.ts';
import { openPixels, pixelsOf } from './pixels.ts';
import type { Sharp } from './sharp.ts';

export interface Encoded {
  bytes: Buffer;
  width: number;
  /** Pixels, of one frame. */
  height: number;
}

/**
 * Encodes the result in sRGB, which is assumed for images without a profile.
 * @throws RequestError `invalid_request` where no quality fits `max_bytes`
 */
export async function encode(canvas: Canvas, job: Job): Promise<Encoded> {
  const whole = await join(canvas);
  const { max_bytes: maxBytes } = job.parameters;
  if (maxBytes !== undefined) return fitting(whole, job, maxBytes);
  return write(whole.images[0] as Sharp, job);
}

async function write(image: Sharp, job: Job, level?: Level): Promise<Encoded> {
  const written = encodeAs(withMetadata(image.toColourspace(job.isDeep ? 'rgb16' : 'srgb'), job), job, level);
  const { data, info } = await written.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.pageHeight ?? info.height };
}

async function fitting(canvas: Canvas, job: Job, maxBytes: number): Promise<Encoded> {
  const image = await precompute(canvas, job);
  const levels = levelsOf(job);
  let best: Encoded | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (let low = 0, high = levels.length - 1; low <= high; ) {
    // Without a palette first: it often fits.
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

async function precompute(canvas: Canvas, { isDeep, parameters: { metadata } }: Job): Promise<Sharp> {
  const [image] = canvas.images as [Sharp];
  return metadata === 'keep' ? image : openPixels(await pixelsOf(image, isDeep), canvas.frames);
}

function isLosslessFirst({ format }: Job): boolean {
  return format === 'png' || format === 'gif';
}

const upTo = (most: number, step = 1) =>
  Array.from({ length: Math.ceil(most / step) }, (_, index) => ({ quality: Math.min(most, 1 + index * step) }));

/** Sizes of palettes by bits per pixel. */
const palettes: Level[] = [{ colours: 2 }, { colours: 4 }, { colours: 16 }, { colours: 256 }];

function levelsOf(job: Job): Level[] {
  const { format, parameters, hasAlpha } = job;
  const { lossless = false, quality = 100 } = parameters;
  if (format === 'gif') return palettes;
  if (lossless || (format === 'tiff' && hasAlpha)) return [{}];
  if (format !== 'png') return upTo(quality);
  // Quality decides how many of 256 colours are used, in steps that are hard to see.
  const tables = [...palettes.slice(0, 2), ...upTo(Math.min(quality, 99), 2)];
  return quality === 100 ? [...tables, {}] : tables;
}
