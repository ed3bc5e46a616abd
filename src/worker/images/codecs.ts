import type { OutputFormat } from '../../contract/formats.ts';
import type { Plan } from './plan.ts';
import type { Sharp } from './sharp.ts';

export interface Codec {
  /** Default quality; undefined for lossless formats. */
  quality?: number;
  /** The codec's effort range, which `effort` 0 to 10 maps to, and its default. */
  effort?: { min: number; max: number; default: number };
}

/**
 * Defaults at the knee of the curve; docs/formats.md shows what twice the time would gain. Measured with one
 * photograph at 720 pixels: JPEG by mozjpeg, from effort 6, takes 9 times as long for 3 % fewer bytes; WebP at the
 * codec's effort 6 would take 9 to 17 s with alpha; a palette PNG at effort 7 takes 2.6 times as long for 12 % fewer,
 * a GIF 3.3 times for 10 %.
 */
export const codecSettings: Record<OutputFormat, Codec> = {
  jpeg: { quality: 80, effort: { min: 0, max: 10, default: 0 } },
  png: { effort: { min: 1, max: 9, default: 3 } },
  webp: { quality: 80, effort: { min: 0, max: 5, default: 2 } },
  avif: { quality: 60, effort: { min: 0, max: 4, default: 1 } },
  gif: { effort: { min: 1, max: 10, default: 4 } },
  tiff: { quality: 80 },
};

/** Lowest effort that encodes with mozjpeg. */
const mozjpegEffort = 6;

/** Default effort of palette quantization. */
const paletteEffort = 4;

/** Lowest quality at which AVIF keeps full chroma resolution, as in libheif. */
const fullChromaQuality = 90;

/** In pixels per millimetre: 72 per inch, which designates an unknown resolution (EXIF 2.32, 4.6.4). TIFF requires one. */
const tiffResolution = 72 / 25.4;

/** A setting to encode with: a quality, or a number of palette colours. */
export interface QualityLevel {
  quality?: number;
  colours?: number;
}

/** Whether to encode a PNG without `quality`: given any, even 100, sharp would reduce it to a palette. */
export function isFullColourPng(plan: Plan, { quality = qualityOf(plan), colours }: QualityLevel): boolean {
  return colours === undefined && (isLossless(plan) || quality === 100);
}

/** zlib level for a lossless palette, where a high one costs little. */
export const paletteCompressionLevel = ({ parameters }: Plan) => codecEffort('png', parameters.effort ?? 6);

export function encodeAs(image: Sharp, plan: Plan, level: QualityLevel = {}): Sharp {
  return encoders[plan.format](image, plan, { quality: qualityOf(plan), ...level });
}

type Encoder = (image: Sharp, plan: Plan, level: { quality: number; colours?: number }) => Sharp;

const encoders: Record<OutputFormat, Encoder> = {
  jpeg: (image, plan, { quality }) =>
    image.jpeg({ quality, progressive: isProgressive(plan), mozjpeg: effortOf(plan) >= mozjpegEffort }),
  png(image, plan, { quality, colours }) {
    const { effort } = plan.parameters;
    const progressive = isProgressive(plan);
    if (isFullColourPng(plan, { quality, ...(colours === undefined ? {} : { colours }) })) {
      return image.png({ compressionLevel: effortOf(plan), adaptiveFiltering: true, progressive });
    }
    return image.png({
      palette: true,
      ...(colours === undefined ? { quality } : { colours }),
      effort: effort === undefined ? paletteEffort : Math.max(1, effort),
      progressive,
    });
  },
  webp: (image, plan, { quality }) =>
    image.webp({ quality, effort: effortOf(plan), lossless: isLossless(plan), ...animationTiming(plan) }),
  avif: (image, plan, { quality }) =>
    image.avif({
      quality,
      effort: effortOf(plan),
      lossless: isLossless(plan),
      // A sixth faster than libheif's default, for the same bytes at the same SSIM.
      tune: 'ssim',
      chromaSubsampling: isLossless(plan) || quality >= fullChromaQuality ? '4:4:4' : '4:2:0',
    }),
  gif: (image, plan, { colours = 256 }) =>
    image.gif({ colours, effort: effortOf(plan), progressive: isProgressive(plan), ...animationTiming(plan) }),
  tiff: (image, plan, { quality }) =>
    image.tiff({
      quality,
      xres: tiffResolution,
      yres: tiffResolution,
      // JPEG compression, sharp's default, silently drops alpha.
      ...(plan.hasAlpha || isLossless(plan) ? { compression: 'deflate' } : {}),
    }),
};

function qualityOf({ format, parameters }: Plan): number {
  return parameters.quality ?? codecSettings[format].quality ?? 100;
}

function isLossless({ parameters: { lossless = false } }: Plan): boolean {
  return lossless;
}

function isProgressive({ parameters: { progressive = false } }: Plan): boolean {
  return progressive;
}

function effortOf({ format, parameters }: Plan): number {
  return codecEffort(format, parameters.effort);
}

/** Maps effort 0 to 10 to the codec's range. */
export function codecEffort(format: OutputFormat, effort: number | undefined): number {
  const range = codecSettings[format].effort ?? { min: 0, max: 0, default: 0 };
  return effort === undefined ? range.default : range.min + Math.round((effort * (range.max - range.min)) / 10);
}

/** sharp's limit per frame, in milliseconds; GIF can store 655,350, WebP 16,777,215. */
const maxDelay = 65_535;

/** sharp's limit. */
const maxLoop = 65_535;

/** Delay and loop of the source, which computed pixels have lost. */
function animationTiming({ source, frames }: Plan): { delay?: number[]; loop?: number } {
  if (frames === 1) return {};
  const { delay, loop } = source;
  return {
    ...(delay === undefined ? {} : { delay: delay.map((ms) => clamp(ms, maxDelay)) }),
    ...(loop === undefined ? {} : { loop: clamp(loop, maxLoop) }),
  };
}

const clamp = (value: number, max: number) => Math.min(max, Math.max(0, Math.round(value)));

function qualitiesUpTo(max: number, step = 1): QualityLevel[] {
  const steps = Math.ceil(max / step);
  return Array.from({ length: steps }, (_, index) => ({ quality: max - (steps - 1 - index) * step }));
}

const palettes: QualityLevel[] = [{ colours: 2 }, { colours: 4 }, { colours: 16 }, { colours: 256 }];

/** The qualities to search for one that fits `max_bytes`, worst first; the last is the one used without a limit. */
export function qualityLadder(plan: Plan): QualityLevel[] {
  const { format, hasAlpha } = plan;
  const quality = qualityOf(plan);
  if (format === 'gif') return palettes;
  if (isLossless(plan) || (format === 'tiff' && hasAlpha)) return [{}];
  if (format !== 'png') return qualitiesUpTo(quality);
  // Quality limits the palette to part of 256 colours; steps of 1 are hardly visible.
  const reduced = [...palettes.slice(0, 2), ...qualitiesUpTo(Math.min(quality, 99), 2)];
  return quality === 100 ? [...reduced, {}] : reduced;
}
