import { RequestError } from '../../contract/errors.ts';
import { type ParameterName, type Parameters, withDpr } from '../../contract/parameters.ts';
import { type Pixels, pixelsOf } from './canvas.ts';
import { checkJob } from './check-job.ts';
import { undecodable } from './errors.ts';
import type { SourceImage } from './inspect.ts';
import { createJob } from './job.ts';
import { outputSize, type Size } from './output-size.ts';
import { sharp } from './sharp.ts';
import { type MadeImage, type Transformation, transform } from './transform.ts';

/**
 * Makes several images from one, decoding it once where the sets allow: for five sizes of a 6-megapixel JPEG, two thirds of
 * the time of five decodings.
 * @param source of all, or the file whose pages they are made from
 * @throws RequestError as `transform`; `parameter` names the set
 */
export async function transformAll(
  source: SourceImage,
  all: readonly Transformation[],
  maxPixels: number,
): Promise<MadeImage[]> {
  // All sets are checked before any work starts.
  for (const [index, { source: from, parameters, watermark }] of all.entries()) {
    namingSet(index, () => checkJob(createJob(from, parameters, { maxPixels, watermark })));
  }
  const sharing = all.filter(({ parameters }) => canShare(source, parameters));
  const shared = sharing.length > 1 ? await share(source, sharing) : undefined;
  const made: MadeImage[] = [];
  for (const one of all) {
    const from = shared !== undefined && sharing.includes(one) ? fromShared(one, source, shared) : one;
    // Sequentially: a request gets one CPU.
    made.push(await transform(from, maxPixels));
  }
  return made;
}

/**
 * Decodes the source at a size that serves all sets, and shrinks it to an intermediate one first where that saves time.
 * @returns undefined where the pixels are too many to keep
 */
async function share(source: SourceImage, sharing: readonly Transformation[]): Promise<SourceImage[] | undefined> {
  const sizes = sharing.map(({ parameters }) => outputSize(withDpr(parameters), source).scaled);
  const size = commonSize(source, sizes);
  if (pixelsIn(size) > maxKeptPixels) return undefined;
  const common = await decode(source, size);
  const step = stepOf(sizes.filter(({ width, height }) => width < size.width && height < size.height));
  return step === undefined ? [common] : [await shrunk(common, step), common];
}

function fromShared(one: Transformation, source: SourceImage, shared: readonly SourceImage[]): Transformation {
  const set = withDpr(one.parameters);
  const { scaled } = outputSize(set, source);
  const from = shared.find((image) => isSame(image, scaled) || isTwice(image, scaled)) ?? shared.at(-1);
  return { ...one, source: from as SourceImage, parameters: exactly(source, set) };
}

const isSame = (one: Size, other: Size) => one.width === other.width && one.height === other.height;

/** Whether the smaller can be made from the larger without loss: from twice the size on, libvips averages pixels anyway. */
const isTwice = (larger: Size, smaller: Size) =>
  larger.width >= 2 * smaller.width && larger.height >= 2 * smaller.height;

/** Least number of sizes that an intermediate one has to serve. */
const minServed = 2;

/** The smallest size that serves most of the others. */
function stepOf(sizes: readonly Size[]): Size | undefined {
  const served = (step: Size) => sizes.filter((size) => isTwice(step, size)).length;
  const [best] = sizes.toSorted((a, b) => served(b) - served(a) || a.width - b.width);
  return best !== undefined && served(best) >= minServed ? best : undefined;
}

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

/** Parameters that work the same on an image that is upright, in sRGB and somewhat smaller. */
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

/** Positions found by content, which may differ in a smaller image. */
const contentPositions: readonly unknown[] = ['entropy', 'attention'];

/** Most pixels kept decoded, about 64 MB. */
const maxKeptPixels = 16_777_216;

function canShare({ format, frames, isDeep }: SourceImage, set: Parameters): boolean {
  // Deep pixels would be cut to 8 bits, and an SVG has no pixels before its size is known.
  if (isDeep || format === 'svg' || frames > 1 || contentPositions.includes(set.position)) return false;
  return (Object.keys(set) as ParameterName[]).every((name) => shareable.has(name));
}

/**
 * Least ratio of shared pixels to a size made from them. Against sizes made from the source, the PSNR is then 50 dB and more
 * for photographs and 38 for small type; at 1.07, type has 33 dB and looks soft.
 */
const margin = 4 / 3;

/** The size that all others can be made from: the largest where it is far enough from the next, else one of up to the source's size. */
function commonSize(whole: Size, sizes: readonly Size[]): Size {
  const [largest] = sizes.toSorted((a, b) => pixelsIn(b) - pixelsIn(a)) as [Size];
  // Sides are rounded.
  const isFar = ({ width, height }: Size) => width * margin < largest.width + 1 && height * margin < largest.height + 1;
  const serves = (size: Size) => isSame(size, largest) || isFar(size);
  if (isOf(whole, largest) && sizes.every(serves)) return largest;
  const scale =
    margin * Math.max(...sizes.map(({ width, height }) => Math.max(width / whole.width, height / whole.height)));
  if (scale >= 1 || (scale > 1 / 2 && pixelsIn(whole) <= maxKeptPixels)) return whole;
  return { width: Math.ceil(whole.width * scale), height: Math.ceil(whole.height * scale) };
}

const pixelsIn = ({ width, height }: Size) => width * height;

/** Whether a size is a smaller one in the same proportions. */
function isOf({ width, height }: Size, size: Size): boolean {
  if (size.width > width || size.height > height) return false;
  return (
    size.height === Math.max(1, Math.round((size.width * height) / width)) ||
    size.width === Math.max(1, Math.round((size.height * width) / height))
  );
}

async function decode(source: SourceImage, size: Size): Promise<SourceImage> {
  try {
    const image = sharp(source.bytes, { limitInputPixels: false }).autoOrient();
    return fromPixels(source, await pixelsOf(isSame(source, size) ? image : image.resize({ ...size, fit: 'fill' })));
  } catch (error) {
    throw undecodable(source.format, error);
  }
}

/** Fixes the size as computed from the source: the shared image's proportions are rounded. */
function exactly(source: SourceImage, set: Parameters): Parameters {
  const { fit = 'cover', enlarge: _, ...rest } = set;
  if (set.width !== undefined && set.height !== undefined && (fit === 'cover' || fit === 'contain')) return set;
  const { width, height } = outputSize(set, source);
  return { ...rest, width, height, fit: 'fill' };
}
