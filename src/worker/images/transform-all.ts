import { RequestError } from '../../contract/errors.ts';
import { type ParameterName, type Parameters, withDpr } from '../../contract/parameters.ts';
import { pixelsOf } from './canvas.ts';
import { checkJob } from './check-job.ts';
import { undecodable } from './errors.ts';
import type { SourceImage } from './inspect.ts';
import { createJob } from './job.ts';
import { outputSize } from './output-size.ts';
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
  const sizes = sharing.map(({ parameters }) => withDpr(parameters));
  const decoded = sharing.length > 1 ? await decode(source, sizes) : undefined;
  const made: MadeImage[] = [];
  for (const one of wanted) {
    const shared = decoded !== undefined && sharing.includes(one);
    const from = shared ? { ...one, source: decoded, parameters: exactly(source, withDpr(one.parameters)) } : one;
    // One after the other: a request has one CPU, as everywhere.
    made.push(await transform(from, maxPixels));
  }
  return made;
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
    const { data, ...raw } = await pixelsOf(shrink === 1 ? image : image.resize({ ...size, fit: 'fill' }));
    return { ...source, bytes: data, raw, width: raw.width, height: raw.height, orientation: 1, isPaged: false };
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
