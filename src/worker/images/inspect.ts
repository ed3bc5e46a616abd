import type { Metadata } from 'sharp';
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
  const metadata = await readMetadata(bytes, format);
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
  };
}

function checkFrames(frames: number): void {
  if (frames > maxFrames) throw tooManyFrames(maxFrames, frames);
}

async function readMetadata(bytes: Buffer, format: Format): Promise<Metadata> {
  try {
    // Without sharp's own pixel limit: over ours, the refusal is not to depend on the text of its error.
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw undecodable(format, error);
  }
}

/** EXIF is written by anyone: values that the standard does not know count as none. */
function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
