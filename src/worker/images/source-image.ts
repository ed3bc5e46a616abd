import type { Metadata } from 'sharp';
import type { Format } from '../../contract/formats.ts';
import { checkSamples, checkTiffSamples, hasUsableProfile } from './colour/samples.ts';
import { undecodable } from './errors.ts';
import { tiffAsExif } from './metadata/exif.ts';
import { sharp } from './sharp.ts';
import { readShortTags } from './tiff-pages.ts';

export interface SourceImage {
  /** Rewritten if libvips would not show the file as browsers do. */
  bytes: Buffer;
  format: Format;
  /** Width and height of one frame, with the EXIF orientation applied. */
  width: number;
  height: number;
  frames: number;
  /** EXIF orientation; 1 without one. */
  orientation: number;
  hasAlpha: boolean;
  colorSpace: string;
  isPaged: boolean;
  /** Whether sharp reads 16 bits a channel. */
  isDeep: boolean;
  hasProfile: boolean;
  /** Whether it has a profile that sharp would convert to Display P3 or ignore, because of 16 bits. */
  hasDeepProfile: boolean;
  /** Whether libvips would clip the alpha channel to 8 bits: of CMYK of 16 bits. */
  hasClippedAlpha: boolean;
  /** Milliseconds, for each frame. */
  delay: number[] | undefined;
  /** Number of repetitions; 0 loops forever. */
  loop: number | undefined;
  /** See `tolerateWarnings`. */
  failOn: 'warning' | 'error';
  exif: Buffer | undefined;
  xmp: Buffer | undefined;
}

/** Not 16-bit CMYK, which sharp converts to 8 bits. */
const deepSpaces = ['rgb16', 'grey16'];

/**
 * Describes an image by its metadata.
 * @throws RequestError `unsupported_format` for samples of unknown scale or colour model
 */
export function describe(bytes: Buffer, format: Format, metadata: Metadata, page = 0): SourceImage {
  checkSamples(metadata);
  if (format === 'tiff') checkTiffSamples(readShortTags(bytes, page));
  const { width, height } = metadata.autoOrient;
  return {
    bytes,
    format,
    width,
    height,
    frames: metadata.pages ?? 1,
    orientation: orientationOf(metadata),
    hasAlpha: metadata.hasAlpha,
    colorSpace: metadata.space,
    isPaged: metadata.pages !== undefined,
    isDeep: deepSpaces.includes(metadata.space),
    hasProfile: hasUsableProfile(metadata),
    hasDeepProfile: deepSpaces.includes(metadata.space) && hasUsableProfile(metadata),
    hasClippedAlpha: metadata.space === 'cmyk' && metadata.depth === 'ushort' && metadata.hasAlpha,
    delay: metadata.delay,
    loop: metadata.loop,
    failOn: 'error',
    exif: format === 'tiff' ? tiffAsExif(bytes) : metadata.exif,
    xmp: metadata.xmp,
  };
}

/**
 * Reads the metadata of a page; by default, of the primary item of an AVIF, and the first page of other formats.
 * @throws RequestError `unprocessable_image` for a damaged header
 */
export async function readMetadata(bytes: Buffer, format: Format, page?: number): Promise<Metadata> {
  try {
    return await sharp(bytes, page === undefined ? {} : { page }).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}

function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
