import { decoderStrictness } from './decoder-warnings.ts';
import { type Sharp, sharp } from './sharp.ts';
import type { SourceImage } from './source-image.ts';

export interface Frames {
  frames: number;
  page: number | undefined;
}

/** Opens an image without decoding it, in sRGB. */
export function openSource(
  { bytes, format, isPaged, hasDeepProfile, failOn }: SourceImage,
  { frames, page }: Frames,
): Sharp {
  // Without a page, sharp takes the primary one of an AVIF, and the first of others.
  const single = page === undefined ? {} : { page };
  const pages = frames > 1 ? { animated: true } : single;
  const image = sharp(bytes, {
    ...decoderStrictness(format, failOn),
    ...(isPaged ? pages : {}),
    ignoreIcc: hasDeepProfile,
  });
  // From 16 bits, sharp would convert to Display P3 first.
  return hasDeepProfile ? image.withIccProfile('srgb', { attach: false }) : image;
}
