import type { Metadata } from 'sharp';
import { RequestError } from '../../contract/errors.ts';
import { type Format, formats } from '../../contract/formats.ts';
import { checkFrames } from './decoding-limits.ts';
import { tooManyPixels, unsupportedFormat } from './errors.ts';
import { checkScans } from './jpeg/scans.ts';
import { rewriteForLibvips } from './rewrite-for-libvips.ts';
import { sniff } from './sniff.ts';
import { describe, readMetadata, type SourceImage } from './source-image.ts';
import { checkPages } from './tiff-pages.ts';
import { countWebpFrames } from './webp/frames.ts';

export interface InputLimits {
  inputFormats: readonly Format[];
  /** Limit on the pixels decoded at once: a frame, a page or a whole animation. */
  maxInputPixels: number;
}

/**
 * Describes an image by its header. No pixel is decoded, so damage can go unnoticed.
 * @throws RequestError `unsupported_format`; `unprocessable_image` for a damaged header, too many pixels, frames or scans
 */
export async function inspect(bytes: Buffer, { inputFormats, maxInputPixels }: InputLimits): Promise<SourceImage> {
  const format = sniff(bytes);
  if (format === undefined || !inputFormats.includes(format)) throw unsupportedFormat(inputFormats, format);
  if (format === 'webp') checkFrames(countWebpFrames(bytes));
  if (format === 'tiff') checkPages(bytes);
  if (format === 'jpeg') checkScans(bytes);
  const file = await rewriteForLibvips(bytes, format, maxInputPixels);
  return describeWithin(file, format, await readMetadata(file, format), { inputFormats, maxInputPixels });
}

/** Formats whose pages are independent images, not frames of one size. */
const independentPages: readonly Format[] = ['tiff', 'avif'];

/**
 * Describes one page, which may differ from the others in formats with independent pages.
 * @throws RequestError `invalid_request` for a page that does not exist; otherwise as `inspect`
 */
export async function inspectPage(source: SourceImage, page: number, limits: InputLimits): Promise<SourceImage> {
  const { bytes, format, frames } = source;
  if (page >= frames) {
    const expected = frames === 1 ? '0, the only one,' : `an integer from 0 to ${frames - 1}`;
    throw new RequestError('invalid_request', `Expected ${expected} for page but received ${page}`, {
      parameter: 'page',
    });
  }
  if (frames === 1 || !independentPages.includes(format)) return source;
  const metadata = await readMetadata(bytes, format, page);
  return describeWithin(bytes, format, { ...metadata, pages: 1 }, limits, page);
}

function describeWithin(
  bytes: Buffer,
  format: Format,
  metadata: Metadata,
  { inputFormats, maxInputPixels }: InputLimits,
  page = 0,
): SourceImage {
  if (metadata.mediaType !== formats[format].mediaType) throw unsupportedFormat(inputFormats, metadata.mediaType);
  const source = describe(bytes, format, metadata, page);
  const { width, height, frames } = source;
  if (format !== 'gif') checkFrames(frames);
  if (width * height > maxInputPixels) throw tooManyPixels(maxInputPixels, `${width} x ${height}`);
  return source;
}
