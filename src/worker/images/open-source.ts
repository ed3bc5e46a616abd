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
  // Without a page, sharp opens the primary item of an AVIF, and the first page of other formats.
  const single = page === undefined ? {} : { page };
  const pages = frames > 1 ? { animated: true } : single;
  const image = sharp(bytes, {
    ...decoderStrictness(format, failOn),
    ...(isPaged ? pages : {}),
    ignoreIcc: hasDeepProfile,
  });
  // sharp would convert 16 bits to Display P3 first.
  return hasDeepProfile ? image.withIccProfile('srgb', { attach: false }) : image;
}
