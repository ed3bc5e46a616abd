import { RequestError } from '../../contract/errors.ts';
import { type ParameterName, type Parameters, withDpr } from '../../contract/parameters.ts';
import { type Pixels, pixelsOf } from './canvas.ts';
import { checkJob } from './check-job.ts';
import { undecodable } from './errors.ts';
import type { SourceImage } from './inspect.ts';
import { createJob } from './job.ts';
import { outputSize, type Size } from './output-size.ts';
import { sharp } from './sharp.ts';
import { type MadeImage, transform, type Wanted } from './transform.ts';

/**
 * Makes many images, in the order in which they are wanted.
 * Five sizes of a JPEG of 6 megapixels, made from pixels that were decoded once, take half of the time of five decodings.
 * @param source the image that all are made from, or whose pages they are made from
 * @throws RequestError as `transform`; its parameter says which set it is about
 */
export async function transformAll(
  source: SourceImage,
  wanted: readonly Wanted[],
  maxPixels: number,
): Promise<MadeImage[]> {
  // All of them before any work: a mistake in the last set is found as soon as one in the first.
  for (const [index, { source: from, parameters, watermark }] of wanted.entries()) {
    namingSet(index, () => checkJob(createJob(from, parameters, { maxPixels, watermark })));
  }
  const sharing = wanted.filter(({ parameters }) => canShare(source, parameters));
  const shared = sharing.length > 1 ? await share(source, sharing) : undefined;
  const made: MadeImage[] = [];
  for (const one of wanted) {
    const from = shared !== undefined && sharing.includes(one) ? fromShared(one, source, shared) : one;
    // One after the other: a request has one CPU, as everywhere.
    made.push(await transform(from, maxPixels));
  }
  return made;
}

/** What the images are made from: the pixels of the source, and those of a smaller size as well where that saves time. */
async function share(source: SourceImage, sharing: readonly Wanted[]): Promise<SourceImage[]> {
  const sets = sharing.map(({ parameters }) => withDpr(parameters));
  const decoded = await decode(source, sets);
  const sizes = sets.map((set) => outputSize(set, source).scaled);
  const step = stepOf(sizes.filter(({ width, height }) => width < decoded.width && height < decoded.height));
  return step === undefined ? [decoded] : [await shrunk(decoded, step), decoded];
}

function fromShared(one: Wanted, source: SourceImage, shared: readonly SourceImage[]): Wanted {
  const set = withDpr(one.parameters);
  const { scaled } = outputSize(set, source);
  const from = shared.find((image) => isSame(image, scaled) || isTwice(image, scaled)) ?? shared.at(-1);
  return { ...one, source: from as SourceImage, parameters: exactly(source, set) };
}

const isSame = (one: Size, other: Size) => one.width === other.width && one.height === other.height;

/** Whether nothing is lost where the smaller is made from the larger: libvips averages pixels too as long as twice as many are left. */
const isTwice = (larger: Size, smaller: Size) =>
  larger.width >= 2 * smaller.width && larger.height >= 2 * smaller.height;

/** Sizes that a further one has to serve, beside itself, so that it is worth it. */
const minServed = 2;

/** The size that most of the others can be made from, the least of those that do equally well. */
function stepOf(sizes: readonly Size[]): Size | undefined {
  const served = (step: Size) => sizes.filter((size) => isTwice(step, size)).length;
  const [best] = sizes.toSorted((a, b) => served(b) - served(a) || a.width - b.width);
  return best !== undefined && served(best) >= minServed ? best : undefined;
}

/** Pixels in another size. */
async function shrunk(image: SourceImage, size: Size): Promise<SourceImage> {
  const { bytes, raw } = image;
  const opened = sharp(bytes, { limitInputPixels: false, ...(raw && { raw }) });
  return fromPixels(image, await pixelsOf(opened.resize({ ...size, fit: 'fill' })));
}

function fromPixels(source: SourceImage, { data, ...raw }: Pixels): SourceImage {
  return { ...source, bytes: data, raw, width: raw.width, height: raw.height, orientation: 1, isPaged: false };
}

function namingSet(index: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RequestError) || error.parameter === undefined) throw error;
    const parameter = `variants[${index}].${error.parameter}`;
    throw new RequestError(error.code, `${error.message} in variants[${index}]`, { parameter, cause: error });
  }
}

/** What works the same on an image that was turned upright, brought to sRGB and made somewhat smaller before. */
const shareable: ReadonlySet<ParameterName> = new Set([
  'width',
  'height',
  'dpr',
  'fit',
  'position',
  'enlarge',
  'background',
  'format',
  'quality',
  'lossless',
  'progressive',
  'effort',
  'max_bytes',
]);

/** Positions that are found by looking at the pixels; in a smaller image they can be others. */
const lookedFor: readonly unknown[] = ['entropy', 'attention'];

/** Most pixels that are kept decoded: some 64 MB. */
const maxDecodedPixels = 16_777_216;

function canShare({ frames, width, height, isDeep }: SourceImage, set: Parameters): boolean {
  // Pixels of more than 8 bits would lose by it.
  if (isDeep || frames > 1 || width * height > maxDecodedPixels || lookedFor.includes(set.position)) return false;
  return (Object.keys(set) as ParameterName[]).every((name) => shareable.has(name));
}

/** Factors by which libjpeg, and libwebp as well, make an image smaller while they decode it, at a gain in time. */
const shrinks = [8, 4, 2];

/**
 * What an image is made smaller with before its sizes are made. Halving 6 megapixels with it takes 2 ms beside decoding,
 * where lanczos3 takes 7; the sizes differ from those made of the whole image by as little, a PSNR of 49 dB and more.
 */
const kernel = 'cubic';

/**
 * Decodes an image once, as small as the largest of its sizes allows: no smaller than what a request
 * for that size alone would have been decoded to, so that nothing is lost to the others either.
 */
async function decode(source: SourceImage, sets: readonly Parameters[]): Promise<SourceImage> {
  const { bytes, format, width, height } = source;
  const factor = Math.min(...sets.map((set) => scaleOf(source, set)));
  const shrink = format === 'jpeg' || format === 'webp' ? (shrinks.find((one) => one <= factor) ?? 1) : 1;
  const size = { width: Math.max(1, Math.floor(width / shrink)), height: Math.max(1, Math.floor(height / shrink)) };
  try {
    const image = sharp(bytes, { limitInputPixels: false }).autoOrient();
    return fromPixels(source, await pixelsOf(shrink === 1 ? image : image.resize({ ...size, fit: 'fill', kernel })));
  } catch (error) {
    throw undecodable(format, error);
  }
}

/** How many times larger than a result the source is. */
function scaleOf(source: SourceImage, set: Parameters): number {
  const { scaled } = outputSize(set, source);
  return Math.min(source.width / scaled.width, source.height / scaled.height);
}

/** The parameters with the size that follows from the source itself, since the smaller image's proportions are a little off. */
function exactly(source: SourceImage, set: Parameters): Parameters {
  const { fit = 'cover', enlarge: _, ...rest } = set;
  if (set.width !== undefined && set.height !== undefined && (fit === 'cover' || fit === 'contain')) return set;
  const { width, height } = outputSize(set, source);
  return { ...rest, width, height, fit: 'fill' };
}
