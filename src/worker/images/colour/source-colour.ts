import { type Frames, openSource } from '../open-source.ts';
import { openPixels, pixelsOf, unpremultiply } from '../pixels.ts';
import type { Sharp } from '../sharp.ts';
import type { SourceImage } from '../source-image.ts';
import { createTurns } from '../turns.ts';
import { readAvifColour } from './avif-colour.ts';
import { readExifColour } from './exif-colour.ts';
import { iccProfile } from './icc-profile.ts';
import { withJpegProfile } from './jpeg-profile.ts';
import { readPngColour, setPngColour } from './png-colour.ts';

/**
 * Makes colour signals that sharp ignores effective: rewrites the header of a PNG or JPEG, and converts other images to
 * uncompressed PNG, with an ICC profile or in sRGB.
 * @returns images without such signals as is
 */
export async function withColourProfile(source: SourceImage, page?: Frames['page']): Promise<SourceImage> {
  const { format } = source;
  if (format === 'avif') return withAvifColour(source, page);
  if (format === 'jpeg') return withJpegColour(source);
  if (source.hasClippedAlpha) return withScaledAlpha(source, page);
  const signalled = format === 'png' ? withPngColour(source) : source;
  return signalled.hasDeepProfile && signalled.colorSpace === 'grey16' ? toRgb(signalled, page) : signalled;
}

function withPngColour(source: SourceImage): SourceImage {
  const { bytes, hasProfile, isDeep } = source;
  const space = readPngColour(bytes);
  if (space === 'profile' || (space === undefined && !hasProfile)) return source;
  const isProfiled = space !== undefined;
  return {
    ...source,
    bytes: setPngColour(bytes, space),
    hasProfile: isProfiled,
    hasDeepProfile: isProfiled && isDeep,
  };
}

function withJpegColour(source: SourceImage): SourceImage {
  const space = source.hasProfile || source.colorSpace !== 'srgb' ? undefined : readExifColour(source.exif);
  if (space === undefined) return source;
  return { ...source, bytes: withJpegProfile(source.bytes, iccProfile(space, 'RGB ')), hasProfile: true };
}

/** libvips converts grey to RGB, then ignores its grey profile, and leaves colours multiplied by alpha. */
async function withAvifColour(source: SourceImage, page: Frames['page']): Promise<SourceImage> {
  const { hasAlpha, hasProfile, isDeep } = source;
  const { colour, isGrey, isPremultiplied } = readAvifColour(source.bytes);
  const isMultiplied = isPremultiplied && hasAlpha;
  if (!isGrey && !isMultiplied && (colour === undefined || hasProfile)) return source;
  // Asked to keep a profile, sharp does not apply it.
  const image = openSource({ ...source, hasDeepProfile: false }, { frames: 1, page })
    .autoOrient()
    .keepIccProfile();
  const colorSpace = spaces[isGrey ? 'grey' : 'rgb'][isDeep ? 16 : 8];
  const png = await asPng(source, isMultiplied ? await unpremultiplied(image, isDeep) : image, colorSpace);
  const isProfiled = colour !== undefined;
  const profile = { hasProfile: isProfiled, hasDeepProfile: isProfiled && isDeep };
  const signalled = { ...png, ...profile, bytes: setPngColour(png.bytes, colour), colorSpace };
  return isGrey ? toRgb(signalled, undefined) : signalled;
}

async function unpremultiplied(image: Sharp, isDeep: boolean): Promise<Sharp> {
  const pixels = await pixelsOf(image, isDeep);
  unpremultiply(pixels);
  return openPixels(pixels);
}

/** Converts the colours without alpha, and adds it after. */
async function withScaledAlpha(source: SourceImage, page: Frames['page']): Promise<SourceImage> {
  const open = () => openSource(source, { frames: 1, page }).autoOrient();
  const { data: colours, width, height } = await pixelsOf(open().removeAlpha());
  const inks = await open().pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'ushort' }).toBuffer();
  const samples = new Uint16Array(inks.buffer, inks.byteOffset, inks.length / 2);
  const data = new Uint8Array(width * height * 4);
  const pause = createTurns();
  for (let row = 0; row < height; row += 1) {
    for (let pixel = row * width; pixel < (row + 1) * width; pixel += 1) {
      for (let band = 0; band < 3; band += 1) data[4 * pixel + band] = colours[3 * pixel + band] as number;
      data[4 * pixel + 3] = Math.round((samples[5 * pixel + 4] as number) / 257);
    }
    await pause();
  }
  const png = await asPng(source, openPixels({ data, width, height, channels: 4 }), 'srgb');
  return { ...png, hasProfile: false, hasClippedAlpha: false };
}

const spaces = { grey: { 8: 'b-w', 16: 'grey16' }, rgb: { 8: 'srgb', 16: 'rgb16' } } as const;

/** Converts grey to RGB by its profile, which sharp would drop in 16 bits. */
async function toRgb(source: SourceImage, page: Frames['page']): Promise<SourceImage> {
  const image = openSource(source, { frames: 1, page }).autoOrient();
  const png = await asPng(source, image, source.isDeep ? 'grey16' : 'srgb');
  return { ...png, hasProfile: false, hasDeepProfile: false };
}

async function asPng(source: SourceImage, image: Sharp, space: string): Promise<SourceImage> {
  const bytes = await image.toColourspace(space).png({ compressionLevel: 0 }).toBuffer();
  return { ...source, bytes, orientation: 1, colorSpace: spaces.rgb[source.isDeep ? 16 : 8], isPaged: false };
}
