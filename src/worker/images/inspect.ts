import type { Metadata } from 'sharp';
import { RequestError } from '../../contract/errors.ts';
import { type Format, formats } from '../../contract/formats.ts';
import { tooManyFrames, tooManyPixels, undecodable, unsupportedFormat } from './errors.ts';
import { sharp } from './sharp.ts';
import { sniff } from './sniff.ts';
import { countWebpFrames } from './webp-frames.ts';

export interface InputLimits {
  /** Formats that are taken. */
  inputFormats: readonly Format[];
  /** Most pixels, all frames together. */
  maxInputPixels: number;
}

/** An image whose header has been read and found fit to work on. */
export interface SourceImage {
  bytes: Buffer;
  /** Of an image that is decoded already: what its bytes, then pixels of 8 bits a channel, are to be read as. */
  raw?: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
  format: Format;
  /** Pixels, upright. */
  width: number;
  /** Pixels, upright, of one frame. */
  height: number;
  frames: number;
  /** EXIF orientation, 1 where none is given. */
  orientation: number;
  hasAlpha: boolean;
  colorSpace: string;
  /** Whether its format has frames or pages at all. */
  isPaged: boolean;
  /** Whether it has more than 8 bits a channel. */
  isDeep: boolean;
  /** Whether it has more than 8 bits a channel and a colour profile. */
  hasDeepProfile: boolean;
  /** Milliseconds that each frame of an animation is shown, where the file says so. */
  delay: number[] | undefined;
  /** Times that an animation is shown, 0 for ever. */
  loop: number | undefined;
  /** What the camera wrote, as it stands in the file. */
  exif: Buffer | undefined;
}

/** Each frame costs time, however small it is: of a WebP that goes with the square of their number. */
const maxFrames = 2000;

/**
 * Reads the header of an image. No pixel is decoded, so a damaged image can pass.
 * @throws RequestError `unsupported_format`; `unprocessable_image` where the header cannot be read or tells of too many pixels or frames
 */
export async function inspect(bytes: Buffer, { inputFormats, maxInputPixels }: InputLimits): Promise<SourceImage> {
  const format = sniff(bytes);
  if (format === undefined || !inputFormats.includes(format)) throw unsupportedFormat(inputFormats, format);
  if (format === 'webp') checkFrames(countWebpFrames(bytes));
  return describe(bytes, format, await readMetadata(bytes, format), { inputFormats, maxInputPixels });
}

/**
 * The same of one of its pages, which in a TIFF can each have a size of their own.
 * @throws RequestError `invalid_request` where there is no such page; else as `inspect` does
 */
export async function inspectPage(source: SourceImage, page: number, limits: InputLimits): Promise<SourceImage> {
  const { bytes, format, frames } = source;
  if (page >= frames) {
    const expected = frames === 1 ? '0, the only one,' : `an integer from 0 to ${frames - 1}`;
    throw new RequestError('invalid_request', `Expected ${expected} for page but received ${page}`, {
      parameter: 'page',
    });
  }
  if (page === 0 || format !== 'tiff') return source;
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

  const { width, height } = metadata.autoOrient;
  const frames = metadata.pages ?? 1;
  checkFrames(frames);
  if (width * height * frames > maxInputPixels) {
    throw tooManyPixels(maxInputPixels, `${width} x ${height}${frames > 1 ? ` x ${frames} frames` : ''}`);
  }
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
    isDeep: metadata.depth !== 'uchar',
    hasDeepProfile: metadata.depth !== 'uchar' && metadata.icc !== undefined,
    delay: metadata.delay,
    loop: metadata.loop,
    exif: metadata.exif,
  };
}

function checkFrames(frames: number): void {
  if (frames > maxFrames) throw tooManyFrames(maxFrames, frames);
}

async function readMetadata(bytes: Buffer, format: Format, page = 0): Promise<Metadata> {
  try {
    // Without sharp's own pixel limit: over ours, the refusal is not to depend on the text of its error.
    return await sharp(bytes, { limitInputPixels: false, ...(page > 0 ? { page } : {}) }).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}

/** EXIF is written by anyone: values that the standard does not know count as none. */
function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
