import type { Metadata } from 'sharp';
import type { Format } from '../../contract/formats.ts';
import { checkSamples, checkTiffSamples, hasUsableProfile } from './colour/samples.ts';
import { undecodable } from './errors.ts';
import { tiffAsExif } from './metadata/exif.ts';
import { sharp } from './sharp.ts';
import { shortsOf } from './tiff-pages.ts';

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

/** @throws RequestError `unsupported_format` for samples of uncertain scale or colour model */
export function describe(bytes: Buffer, format: Format, metadata: Metadata, page = 0): SourceImage {
  checkSamples(metadata);
  if (format === 'tiff') checkTiffSamples(shortsOf(bytes, page));
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
    delay: metadata.delay,
    loop: metadata.loop,
    failOn: 'error',
    exif: format === 'tiff' ? tiffAsExif(bytes) : metadata.exif,
    xmp: metadata.xmp,
  };
}

/**
 * Without a page, of the primary one of an AVIF, and of the first of others.
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
