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
  /** Most pixels of what is decoded at once: a frame, a page, or all frames of an animation. */
  maxInputPixels: number;
}

/** An image whose header was read and is within the limits. */
export interface SourceImage {
  /** The file, rewritten where libvips would not show it as browsers do. */
  bytes: Buffer;
  format: Format;
  width: number;
  /** Pixels, upright, of one frame. */
  height: number;
  frames: number;
  /** EXIF orientation; 1 without one. */
  orientation: number;
  hasAlpha: boolean;
  colorSpace: string;
  /** Whether its format has frames or pages at all. */
  isPaged: boolean;
  /** Whether sharp gives 16 bits a channel. */
  isDeep: boolean;
  hasProfile: boolean;
  /** Whether it has a profile that sharp would convert to Display P3 or ignore. */
  hasDeepProfile: boolean;
  /** Duration of each frame of an animation in milliseconds. */
  delay: number[] | undefined;
  /** Repetitions of an animation, 0 for endless. */
  loop: number | undefined;
  /** What makes decoding fail, see `pastWarnings`. */
  failOn: 'warning' | 'error';
  exif: Buffer | undefined;
  xmp: Buffer | undefined;
}

/** CMYK of 16 bits is not among them: sharp converts it to 8. */
const deepSpaces = ['rgb16', 'grey16'];

/**
 * Reads the header of an image. No pixel is decoded, so a damaged image can pass.
 * @throws RequestError `unsupported_format`; `unprocessable_image` for a damaged header or too many pixels or frames
 */
export async function inspect(bytes: Buffer, { inputFormats, maxInputPixels }: InputLimits): Promise<SourceImage> {
  const format = sniff(bytes);
  if (format === undefined || !inputFormats.includes(format)) throw unsupportedFormat(inputFormats, format);
  if (format === 'webp') checkFrames(countWebpFrames(bytes));
  if (format === 'tiff') checkPages(bytes);
  const file = await readable(bytes, format, maxInputPixels);
  return describe(file, format, await readMetadata(file, format), { inputFormats, maxInputPixels });
}

/**
 * Reads the header of one page: pages of a TIFF differ in size.
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

async function readMetadata(bytes: Buffer, format: Format, page = 0): Promise<Metadata> {
  try {
    return await sharp(bytes, page > 0 ? { page } : {}).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}

/** Values outside of the standard count as none. */
function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
