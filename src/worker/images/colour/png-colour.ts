import { deflateSync } from 'node:zlib';
import {
  type ColourSpace,
  colourSpaceOf,
  gammaToLinear,
  type Primaries,
  srgbPrimaries,
  srgbToLinear,
} from './colour-space.ts';
import { arePrimariesUsable, iccProfile } from './icc-profile.ts';
import { headerChunks, withChunks } from './png-chunks.ts';

const signals: ReadonlySet<string> = new Set(['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'mDCV', 'cLLI']);

const colourTypeOffset = 25;
const greyTypes = [0, 4];

/**
 * Replaces all colour chunks with an ICC profile, given or built from a colour space; without `colour`, removes them.
 */
export function setPngColour(png: Buffer, colour: ColourSpace | Buffer | undefined): Buffer {
  if (colour === undefined) return withChunks(png, [], signals);
  const model = greyTypes.includes(png[colourTypeOffset] as number) ? 'GRAY' : 'RGB ';
  const profile = Buffer.isBuffer(colour) ? colour : iccProfile(colour, model);
  // Name, terminator, compression method 0.
  const data = Buffer.concat([Buffer.from('imgwire\0\0', 'latin1'), deflateSync(profile, { level: 1 })]);
  return withChunks(png, [{ type: 'iCCP', data }], signals);
}

/**
 * Reads the colour chunks by precedence: cICP, iCCP, sRGB, gAMA and cHRM
 * (https://www.w3.org/TR/png-3/#color-chunk-precendence).
 * @returns undefined for sRGB, 'profile' for iCCP
 */
export function readPngColour(file: Buffer): ColourSpace | 'profile' | undefined {
  const chunks = new Map<string, Buffer>();
  for (const { type, data } of headerChunks(file)) if (signals.has(type) && !chunks.has(type)) chunks.set(type, data);
  const cicp = chunks.get('cICP');
  if (cicp !== undefined && isRgb(cicp)) return fromCicp(cicp);
  if (chunks.has('iCCP')) return 'profile';
  if (chunks.has('sRGB')) return undefined;
  const gamma = readGamma(chunks.get('gAMA'));
  const primaries = readPrimaries(chunks.get('cHRM'));
  if (primaries === undefined && (gamma === undefined || meansSrgb(gamma))) return undefined;
  return {
    primaries: primaries ?? srgbPrimaries,
    toLinear: gamma === undefined ? srgbToLinear : gammaToLinear(1 / gamma),
  };
}

/** cICP is primaries, transfer, matrix (0, RGB, in every PNG) and full range. */
const isRgb = (cicp: Buffer) => cicp.length === 4 && cicp[2] === 0;

function fromCicp(cicp: Buffer): ColourSpace | undefined {
  const [primaries, transfer, , isFullRange] = cicp as unknown as [number, number, number, number];
  const space = colourSpaceOf(primaries, transfer);
  if (isFullRange !== 0) return space;
  const { toLinear, ...rest } = space ?? { primaries: srgbPrimaries, toLinear: srgbToLinear };
  // Narrow range is 16 to 235.
  return { ...rest, toLinear: (v) => toLinear(Math.min(1, Math.max(0, (v * 255 - 16) / 219))) };
}

function readGamma(data: Buffer | undefined): number | undefined {
  const gamma = data?.length === 4 ? data.readUInt32BE(0) / 100_000 : 0;
  return gamma > 0.1 && gamma < 10 ? gamma : undefined;
}

/**
 * sRGB's curve has no exponent, and encoders write 1/2.2 for it. Within 5 % of that (PNG_GAMMA_THRESHOLD in pngpriv.h),
 * libpng and browsers do not convert. With cHRM, browsers take the number literally.
 */
const meansSrgb = (gamma: number) => Math.abs(gamma * 2.2 - 1) < 0.05;

function readPrimaries(data: Buffer | undefined): Primaries | undefined {
  if (data?.length !== 32) return undefined;
  const primaries = Array.from({ length: 8 }, (_, index) => data.readUInt32BE(4 * index) / 100_000);
  return arePrimariesUsable(primaries as unknown as Primaries) ? (primaries as unknown as Primaries) : undefined;
}
