import { RequestError } from '../../contract/errors.ts';
import { type Canvas, compute, join } from './canvas.ts';
import { encodeAs, isFullColourPng, type Level, levelsOf, paletteLevel } from './codecs.ts';
import type { Job } from './job.ts';
import { exifAdder, openWithMetadata } from './metadata/add-metadata.ts';
import { type KeptMetadata, keptMetadata } from './metadata/kept-metadata.ts';
import type { Pixels } from './pixels.ts';
import { compactPng } from './png/compact.ts';
import type { Sharp } from './sharp.ts';

export interface Encoded {
  bytes: Buffer;
  width: number;
  /** Of one frame. */
  height: number;
}

type Encoder = (level: Level) => Promise<Encoded>;

/**
 * Encodes the result as sRGB without a profile.
 * @throws RequestError `invalid_request` if no quality fits `max_bytes`
 */
export async function encode(canvas: Canvas, job: Job): Promise<Encoded> {
  const encoder = await createEncoder(await join(canvas), job);
  const { max_bytes: maxBytes } = job.parameters;
  return maxBytes === undefined ? encoder({}) : fitting(encoder, job, maxBytes);
}

async function createEncoder(canvas: Canvas, job: Job): Promise<Encoder> {
  const addExif = exifAdder(job);
  const isPng = job.format === 'png';
  const whole = isPng || job.parameters.max_bytes !== undefined ? await compute(canvas) : canvas;
  const kept = keptMetadata(job, whole.size);
  const open = await opener(whole, job, addExif === undefined ? kept : undefined);
  return async (level) => {
    const encodeImage = (image: Sharp) =>
      withXmp(encodeAs(image, job, level), isPng ? undefined : kept?.xmp).toBuffer();
    const bytes = await job.stages.run(whole.isDecoded ? 'encode' : 'pipeline', () =>
      isPng && isFullColourPng(job, level) ? encodePng(whole, job, encodeImage) : encodeImage(open()),
    );
    // sharp reports another size where it extends what it cut.
    const { width, height } = whole.size;
    return { bytes: kept === undefined || addExif === undefined ? bytes : addExif(bytes, kept), width, height };
  };
}

/** sharp takes EXIF data from a file: a PNG of the pixels. */
async function opener(canvas: Canvas, job: Job, kept: KeptMetadata | undefined): Promise<() => Sharp> {
  const image = (canvas.images[0] as Sharp).toColourspace(job.isDeep ? 'rgb16' : 'srgb');
  // A clone, which sharp makes slowly, is needed for several tries alone.
  if (kept?.exif === undefined) return job.parameters.max_bytes === undefined ? () => image : () => image.clone();
  const png = await image.png({ compressionLevel: 0 }).toBuffer();
  return () => openWithMetadata(png, kept);
}

function withXmp(image: Sharp, xmp: Buffer | undefined): Sharp {
  return xmp === undefined ? image : image.withXmp(xmp.toString());
}

async function encodePng(
  { pixels: [pixels] = [] }: Canvas,
  job: Job,
  encodeImage: (image: Sharp) => Promise<Buffer>,
): Promise<Buffer> {
  const compact = await compactPng(
    pixels as Pixels,
    job.parameters.progressive === true ? undefined : paletteLevel(job),
  );
  return Buffer.isBuffer(compact) ? compact : encodeImage(compact);
}

async function fitting(encoder: Encoder, job: Job, maxBytes: number): Promise<Encoded> {
  const levels = levelsOf(job);
  let best: Encoded | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (let low = 0, high = levels.length - 1; low <= high; ) {
    // Best first: it often fits.
    const at = high === levels.length - 1 ? high : Math.floor((low + high) / 2);
    const made = await encoder(levels[at] as Level);
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
    { parameter: 'max_bytes', stage: 'encode' },
  );
}
