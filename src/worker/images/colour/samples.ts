import type { Metadata } from 'sharp';
import { RequestError } from '../../../contract/errors.ts';
import { compressionOf, jpegCompressions, type Shorts } from '../tiff-pages.ts';

/** By libvips interpretation; `profile` is the ICC colour space. */
const models: Record<string, { channels: number; profile: string }> = {
  'b-w': { channels: 1, profile: 'GRAY' },
  grey16: { channels: 1, profile: 'GRAY' },
  srgb: { channels: 3, profile: 'RGB ' },
  rgb16: { channels: 3, profile: 'RGB ' },
  cmyk: { channels: 4, profile: 'CMYK' },
};

const depths = ['uchar', 'ushort'];

/**
 * Rejects samples of uncertain scale or colour model.
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
 * Rejects YCbCr that libvips would take for RGB: it converts that of JPEG and, by libtiff, what is subsampled.
 * @throws RequestError `unsupported_format`
 */
export function checkTiffSamples(shorts: Shorts): void {
  const compression = compressionOf(shorts);
  const isJpeg = jpegCompressions.includes(compression);
  if (shorts.get(tags.photometric)?.[0] !== yCbCr || compression === undefined || isJpeg) return;
  const isSubsampled = shorts.get(tags.subsampling)?.some((factor) => factor !== 1) ?? true;
  if (!isSubsampled) throw unsupportedSamples('YCbCr without JPEG compression');
}

function unsupportedSamples(came: string): RequestError {
  return new RequestError(
    'unsupported_format',
    `Expected grey, RGB or CMYK of 8 or 16 bits, with alpha or without, but received ${came}`,
    { parameter: 'image_data' },
  );
}

/** libvips ignores profiles of other colour models. */
export function hasUsableProfile({ icc, space }: Metadata): boolean {
  const model = icc && profileModel(icc);
  return model !== undefined && model === models[space]?.profile;
}

/** ICC colour space; undefined for what is no profile. */
export function profileModel(icc: Buffer): string | undefined {
  return icc.toString('latin1', 36, 40) === 'acsp' ? icc.toString('latin1', 16, 20) : undefined;
}
