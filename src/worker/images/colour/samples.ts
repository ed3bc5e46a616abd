import type { Metadata } from 'sharp';
import { RequestError } from '../../../contract/errors.ts';
import { compressionOf, jpegCompressions, type ShortTags } from '../tiff-pages.ts';

/** Colour models by libvips interpretation; `profile` is the ICC colour space. */
const models: Record<string, { channels: number; profile: string }> = {
  'b-w': { channels: 1, profile: 'GRAY' },
  grey16: { channels: 1, profile: 'GRAY' },
  srgb: { channels: 3, profile: 'RGB ' },
  rgb16: { channels: 3, profile: 'RGB ' },
  cmyk: { channels: 4, profile: 'CMYK' },
};

const depths = ['uchar', 'ushort'];

/**
 * Rejects samples of unknown scale or colour model.
 * @throws RequestError `unsupported_format`
 */
export function checkSamples({ space, depth, channels }: Metadata): void {
  const model = models[space];
  const extra = model === undefined ? undefined : channels - model.channels;
  if (depths.includes(depth) && (extra === 0 || extra === 1)) return;
  throw unsupportedSamples(`${channels} channels of ${depth} in ${space}`);
}

/** TIFF 6.0, sections 8 and 21. */
const tags = { photometric: 262, subsampling: 530 };
const yCbCr = 6;

/**
 * Rejects YCbCr that libvips would take for RGB: it converts only YCbCr in JPEG compression and, through libtiff,
 * subsampled YCbCr.
 * @throws RequestError `unsupported_format`
 */
export function checkTiffSamples(shorts: ShortTags): void {
  const compression = compressionOf(shorts);
  const isJpeg = jpegCompressions.includes(compression);
  if (shorts.get(tags.photometric)?.[0] !== yCbCr || compression === undefined || isJpeg) return;
  const isSubsampled = shorts.get(tags.subsampling)?.some((factor) => factor !== 1) ?? true;
  if (!isSubsampled) throw unsupportedSamples('YCbCr without JPEG compression');
}

function unsupportedSamples(actual: string): RequestError {
  return new RequestError(
    'unsupported_format',
    `Expected grey, RGB or CMYK of 8 or 16 bits, with alpha or without, but received ${actual}`,
    { parameter: 'image_data' },
  );
}

/** Whether the profile matches the image's colour model; libvips ignores others. */
export function hasUsableProfile({ icc, space }: Metadata): boolean {
  const model = icc && profileModel(icc);
  return model !== undefined && model === models[space]?.profile;
}

/** The colour space of an ICC profile; undefined if the data is not a profile. */
export function profileModel(icc: Buffer): string | undefined {
  return icc.toString('latin1', 36, 40) === 'acsp' ? icc.toString('latin1', 16, 20) : undefined;
}
