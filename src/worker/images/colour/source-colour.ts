import type { SourceImage } from '../inspect.ts';
import { type Frames, openSource } from '../open-source.ts';
import type { Sharp } from '../sharp.ts';
import { readAvifColour } from './avif-colour.ts';
import { readPngColour, signalInPng } from './png-colour.ts';

/** Applies colour signals sharp ignores: rewrites a PNG's header; makes others uncompressed PNG with a profile. */
export async function withColour(source: SourceImage, page?: Frames['page']): Promise<SourceImage> {
  const { bytes, format } = source;
  if (format === 'png') return toRgb(withPngColour(source), page);
  if (format !== 'avif' || source.hasProfile) return toRgb(source, page);
  const space = readAvifColour(bytes);
  if (space === undefined) return source;
  const decoded = await asPng(source, page, source.isDeep ? 'rgb16' : 'srgb');
  return { ...decoded, bytes: signalInPng(decoded.bytes, space), hasProfile: true, hasDeepProfile: source.isDeep };
}

function withPngColour(source: SourceImage): SourceImage {
  const { bytes, hasProfile, isDeep } = source;
  const space = readPngColour(bytes);
  if (space === 'profile' || (space === undefined && !hasProfile)) return source;
  const isProfiled = space !== undefined;
  return {
    ...source,
    bytes: signalInPng(bytes, space),
    hasProfile: isProfiled,
    hasDeepProfile: isProfiled && isDeep,
  };
}

/** Converts profiled 16-bit grey to RGB: sharp would drop the profile. */
async function toRgb(source: SourceImage, page: Frames['page']): Promise<SourceImage> {
  if (!source.hasDeepProfile || source.colorSpace !== 'grey16') return source;
  const made = await asPng(source, page, 'grey16');
  return { ...made, hasProfile: false, hasDeepProfile: false };
}

async function asPng(source: SourceImage, page: Frames['page'], space: string): Promise<SourceImage> {
  const image: Sharp = openSource(source, { frames: 1, page }).autoOrient();
  const bytes = await image.toColourspace(space).png({ compressionLevel: 0 }).toBuffer();
  return { ...source, bytes, orientation: 1, colorSpace: source.isDeep ? 'rgb16' : 'srgb', isPaged: false };
}
