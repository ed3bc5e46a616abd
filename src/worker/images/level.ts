import { unlink, writeFile } from 'node:fs/promises';
import { normalizeAngle } from '../../contract/geometry-parameters.ts';
import { withColour } from './colour/source-colour.ts';
import type { Job } from './job.ts';
import { openSource } from './open-source.ts';
import { outputSize } from './output-size.ts';
import { type Sharp, sharp } from './sharp.ts';
import type { SourceImage } from './source-image.ts';

/** By what a decoder divides width and height; 1 gives the whole image, more is for libjpeg alone. */
export type Shrink = 1 | 2 | 4 | 8;

/** What the decoder gives for a job: in sRGB, before all steps. */
export interface Level {
  shrink: Shrink;
  /** Uncompressed. */
  bytes: number;
  /** Other results of the image from which on its cost is worth it. */
  leastOthers: number;
}

/** Not GIF, of which few are large stills. */
const formats: readonly SourceImage['format'][] = ['jpeg', 'png', 'webp', 'avif', 'tiff'];

/** In others, sharp converts colours after it has resized. */
const colorSpaces = ['srgb', 'b-w', 'cmyk'];

/** Below it, in pixels, a JPEG is decoded in less than 2 ms. */
const leastPixels = 262_144;

/** Undefined where results from it would cost as much or have other bytes: frames, 16 bits, WebP scaled while decoded. */
export function levelOf(job: Job): Level | undefined {
  const { source } = job;
  const { format, frames, isDeep, colorSpace, width, height } = source;
  const isOne = frames === 1 && job.page === undefined;
  if (!formats.includes(format) || !isOne || isDeep || !colorSpaces.includes(colorSpace)) return undefined;
  const ratio = ratioOnLoad(job);
  if (format === 'webp' && ratio > 1) return undefined;
  const shrink = format === 'jpeg' ? shrinkFor(ratio) : 1;
  const pixels = Math.ceil(width / shrink) * Math.ceil(height / shrink);
  // Of 6 megapixels a whole JPEG saves 20 ms of 42 and costs 16 once, shrunk ones save 17 of 26 and cost 5.
  const worthwhile = format === 'jpeg' && shrink === 1 ? 3 : 1;
  const leastOthers = width * height < leastPixels ? Number.POSITIVE_INFINITY : worthwhile;
  return { shrink, bytes: pixels * (source.hasAlpha ? 4 : 3), leastOthers };
}

/** By what sharp may shrink while it decodes, as in `shouldPreShrink` in pipeline.cc; 1 where steps come before scaling. */
function ratioOnLoad({ source, parameters }: Job): number {
  const { width, height, crop, trim = false, rotate = 0, flip = false, flop = false, gamma } = parameters;
  const isTurned = normalizeAngle(rotate) !== 0 || (source.orientation !== 1 && (flip || flop));
  const isScaledFirst = crop === undefined && !trim && !isTurned && gamma === undefined;
  if ((width === undefined && height === undefined) || !isScaledFirst) return 1;
  const { scaled } = outputSize(parameters, source);
  return Math.min(source.width / scaled.width, source.height / scaled.height);
}

/** As in pipeline.cc, whose authors avoid whole ratios for "known libjpeg rounding errors". */
function shrinkFor(ratio: number): Shrink {
  const largest = ([8, 4, 2] as const).find((shrink) => ratio >= shrink) ?? 1;
  return largest > 1 && Math.floor(ratio) === largest ? ((largest / 2) as Shrink) : largest;
}

/**
 * Writes a level in libvips' own format, which is mapped instead of read.
 * @param path ends with `.v`
 * @throws Error for a source that is damaged in any way
 */
export async function writeLevel(source: SourceImage, { shrink }: Level, path: string): Promise<void> {
  if (shrink === 1) return save(openSource(await withColour(source), { frames: 1, page: undefined }), path);
  const [, file] = pathsOf(path);
  try {
    await writeFile(file, source.bytes);
    await save(sharp(`${file}[shrink=${shrink}]`, { failOn: source.failOn, limitInputPixels: false }), path);
  } finally {
    await unlink(file).catch(() => {});
  }
}

/** What a level is written to, and the JPEG beside it: libvips takes the shrink from the name of a file alone. */
export function pathsOf(path: string): [level: string, jpeg: string] {
  return [path, `${path.slice(0, -'.v'.length)}.jpg`];
}

async function save(image: Sharp, path: string): Promise<void> {
  // EXIF for the orientation: sharp turns after scaling.
  await image.keepExif().toFile(path);
}

export function openLevel(path: string): Sharp {
  return sharp(path, { limitInputPixels: false });
}
