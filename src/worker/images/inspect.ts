import type { Metadata } from 'sharp';
import { RequestError } from '../../contract/errors.ts';
import { type Format, formats } from '../../contract/formats.ts';
import { checkSamples, hasUsableProfile } from './colour/samples.ts';
import { checkFrames } from './decoding-limits.ts';
import { tooManyPixels, undecodable, unsupportedFormat } from './errors.ts';
import { tiffAsExif } from './metadata/exif.ts';
import { readable } from './readable.ts';
import { sharp } from './sharp.ts';
import { sniff } from './sniff.ts';
import { checkPages } from './tiff-pages.ts';
import { countWebpFrames } from './webp-frames.ts';

export interface InputLimits {
  inputFormats: readonly Format[];
  /** Decoded at once: a frame, a page or a whole animation. */
  maxInputPixels: number;
}

export interface SourceImage {
  /** Rewritten where libvips would not show it as browsers do. */
  bytes: Buffer;
  format: Format;
  width: number;
  /** Upright, of one frame. */
  height: number;
  frames: number;
  /** EXIF; 1 without one. */
  orientation: number;
  hasAlpha: boolean;
  colorSpace: string;
  isPaged: boolean;
  /** 16 bits a channel in sharp. */
  isDeep: boolean;
  hasProfile: boolean;
  /** sharp would convert its profile to Display P3 or ignore it. */
  hasDeepProfile: boolean;
  /** Milliseconds per frame. */
  delay: number[] | undefined;
  /** Repetitions; 0 is endless. */
  loop: number | undefined;
  /** See `pastWarnings`. */
  failOn: 'warning' | 'error';
  exif: Buffer | undefined;
  xmp: Buffer | undefined;
}

/** No 16-bit CMYK: sharp converts it to 8. */
const deepSpaces = ['rgb16', 'grey16'];

/**
 * Reads a header; no pixel is decoded, so damage can pass.
 * @throws RequestError `unsupported_format`; `unprocessable_image` for a damaged header, too many pixels or frames
 */
export async function inspect(bytes: Buffer, { inputFormats, maxInputPixels }: InputLimits): Promise<SourceImage> {
  const format = sniff(bytes);
  if (format === undefined || !inputFormats.includes(format)) throw unsupportedFormat(inputFormats, format);
  if (format === 'webp') checkFrames(countWebpFrames(bytes));
  if (format === 'tiff') checkPages(bytes);
  const file = await readable(bytes, format, maxInputPixels);
  return describe(file, format, await readMetadata(file, format), { inputFormats, maxInputPixels });
}

/** Formats whose pages are images of their own, not frames of one size. */
const differingPages: readonly Format[] = ['tiff', 'avif'];

/**
 * Describes the page where pages differ.
 * @throws RequestError `invalid_request` for a missing page; as `inspect`
 */
export async function inspectPage(source: SourceImage, page: number, limits: InputLimits): Promise<SourceImage> {
  const { bytes, format, frames } = source;
  if (page >= frames) {
    const expected = frames === 1 ? '0, the only one,' : `an integer from 0 to ${frames - 1}`;
    throw new RequestError('invalid_request', `Expected ${expected} for page but received ${page}`, {
      parameter: 'page',
    });
  }
  if (frames === 1 || !differingPages.includes(format)) return source;
  const metadata = await readMetadata(bytes, format, page);
  return describe(bytes, format, { ...metadata, pages: 1 }, limits);
}

function describe(
  bytes: Buffer,
  format: Format,
  metadata: Metadata,
  { inputFormats, maxInputPixels }: InputLimits,
): SourceImage {
  if (metadata.mediaType !== formats[format].mediaType) throw unsupportedFormat(inputFormats, metadata.mediaType);

  checkSamples(metadata);
  const { width, height } = metadata.autoOrient;
  const frames = metadata.pages ?? 1;
  if (format !== 'gif') checkFrames(frames);
  if (width * height > maxInputPixels) throw tooManyPixels(maxInputPixels, `${width} x ${height}`);
  return {
    bytes,
    format,
    width,
    height,
    frames,
    orientation: orientationOf(metadata),
    hasAlpha: metadata.hasAlpha,
    colorSpace: metadata.space,
    isPaged: metadata.pages !== undefined,
    isDeep: deepSpaces.includes(metadata.space),
    hasProfile: hasUsableProfile(metadata),
    hasDeepProfile: deepSpaces.includes(metadata.space) && hasUsableProfile(metadata),
    delay: metadata.delay,
    loop: metadata.loop,
    failOn: 'error',
    exif: format === 'tiff' ? tiffAsExif(bytes) : metadata.exif,
    xmp: metadata.xmp,
  };
}

/** Without a page, of the primary one of an AVIF, and of the first of others. */
async function readMetadata(bytes: Buffer, format: Format, page?: number): Promise<Metadata> {
  try {
    return await sharp(bytes, page === undefined ? {} : { page }).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}

function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
