import { unlink, writeFile } from 'node:fs/promises';
import { normalizeAngle } from '../../contract/geometry-parameters.ts';
import { withColourProfile } from './colour/source-colour.ts';
import { openSource } from './open-source.ts';
import { outputSize } from './output-size.ts';
import type { Plan } from './plan.ts';
import { type Sharp, sharp } from './sharp.ts';
import type { SourceImage } from './source-image.ts';

/** Factor by which the decoder divides width and height; above 1 with libjpeg only. */
export type Shrink = 1 | 2 | 4 | 8;

/** A decoded level: the decoder's output for a plan, in sRGB, before any step. */
export interface Level {
  shrink: Shrink;
  /** Uncompressed size. */
  bytes: number;
  /** Fewest other results of the image that make the level worth its cost. */
  minOthers: number;
}

/** Formats with levels. Not GIF: few are large stills. */
const formats: readonly SourceImage['format'][] = ['jpeg', 'png', 'webp', 'avif', 'tiff'];

/** Colour spaces with levels. From others, sharp converts colours after it has resized. */
const colorSpaces = ['srgb', 'b-w', 'cmyk'];

/** Fewest pixels worth a level; a smaller JPEG decodes in less than 2 ms. */
const minPixels = 262_144;

/**
 * The level that a plan can start from.
 * @returns undefined where results from it would cost as much or have other bytes: animations, pages, 16 bits, and WebP
 * scaled while it is decoded
 */
export function levelOf(plan: Plan): Level | undefined {
  const { source } = plan;
  const { format, frames, isDeep, colorSpace, width, height } = source;
  const isSingle = frames === 1 && plan.page === undefined;
  if (!formats.includes(format) || !isSingle || isDeep || !colorSpaces.includes(colorSpace)) return undefined;
  const ratio = shrinkOnLoadRatio(plan);
  if (format === 'webp' && ratio > 1) return undefined;
  const shrink = format === 'jpeg' ? shrinkFor(ratio) : 1;
  const pixels = Math.ceil(width / shrink) * Math.ceil(height / shrink);
  // At 6 megapixels, the level of a full-size JPEG saves 20 ms of 42 and costs 16 once; shrunk ones save
  // 17 of 26, cost 5.
  const breakEven = format === 'jpeg' && shrink === 1 ? 3 : 1;
  const minOthers = width * height < minPixels ? Number.POSITIVE_INFINITY : breakEven;
  return { shrink, bytes: pixels * (source.hasAlpha ? 4 : 3), minOthers };
}

/** How far sharp may shrink on load, as by `shouldPreShrink` in pipeline.cc; 1 if steps come before scaling. */
function shrinkOnLoadRatio({ source, parameters }: Plan): number {
  const { width, height, crop, trim = false, rotate = 0, flip = false, flop = false, gamma } = parameters;
  const isRotated = normalizeAngle(rotate) !== 0 || (source.orientation !== 1 && (flip || flop));
  const isScaledFirst = crop === undefined && !trim && !isRotated && gamma === undefined;
  if ((width === undefined && height === undefined) || !isScaledFirst) return 1;
  const { scaled } = outputSize(parameters, source);
  return Math.min(source.width / scaled.width, source.height / scaled.height);
}

/** As in pipeline.cc, which avoids whole ratios because of "known libjpeg rounding errors". */
function shrinkFor(ratio: number): Shrink {
  const largest = ([8, 4, 2] as const).find((shrink) => ratio >= shrink) ?? 1;
  return largest > 1 && Math.floor(ratio) === largest ? ((largest / 2) as Shrink) : largest;
}

/**
 * Writes a level in libvips' own format, which is memory-mapped instead of read.
 * @param path ends with `.v`
 * @throws Error if the source is damaged in any way
 */
export async function writeLevel(source: SourceImage, { shrink }: Level, path: string): Promise<void> {
  const profiled = await withColourProfile(source);
  if (shrink === 1) return save(openSource(profiled, { frames: 1, page: undefined }), path);
  const [, jpeg] = pathsOf(path);
  try {
    await writeFile(jpeg, profiled.bytes);
    await save(sharp(`${jpeg}[shrink=${shrink}]`, { failOn: source.failOn, limitInputPixels: false }), path);
  } finally {
    await unlink(jpeg).catch(() => {});
  }
}

/** Paths of an unfinished level and of the JPEG beside it: libvips reads the shrink factor from a file name only. */
export function pathsOf(path: string): [level: string, jpeg: string] {
  return [path, `${path.slice(0, -'.v'.length)}.jpg`];
}

async function save(image: Sharp, path: string): Promise<void> {
  // EXIF keeps the orientation, which sharp applies after scaling.
  await image.keepExif().toFile(path);
}

export function openLevel(path: string): Sharp {
  return sharp(path, { limitInputPixels: false });
}
