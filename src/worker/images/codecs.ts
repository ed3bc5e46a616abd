import type { OutputFormat } from '../../contract/formats.ts';
import type { Job } from './job.ts';
import type { Sharp } from './sharp.ts';

export interface Codec {
  /** Undefined for lossless formats. */
  quality?: number;
  /** The codec's range for effort 0 to 10, and its default. */
  effort?: { least: number; most: number; initial: number };
  frames?: true;
}

/**
 * Defaults at the knee: what twice the time would gain is in docs/formats.md. By other measurements, of one photograph at
 * 720 pixels: JPEG by mozjpeg, from effort 6, takes 9 times as long for 3 % less; WebP at the codec's effort 6 would take
 * 9 to 17 s with alpha; a palette PNG at effort 7 takes 2.6 times as long for 12 % less, a GIF 3.3 times for 10 % less.
 */
export const codecSettings: Record<OutputFormat, Codec> = {
  jpeg: { quality: 80, effort: { least: 0, most: 10, initial: 0 } },
  png: { effort: { least: 1, most: 9, initial: 3 } },
  webp: { quality: 80, effort: { least: 0, most: 5, initial: 2 }, frames: true },
  avif: { quality: 60, effort: { least: 0, most: 4, initial: 1 } },
  gif: { effort: { least: 1, most: 10, initial: 4 }, frames: true },
  tiff: { quality: 80 },
};

const mozjpegEffort = 6;

const paletteEffort = 4;

/** From which AVIF keeps the resolution of colours, as in libheif. */
const fullColourQuality = 90;

export interface Level {
  quality?: number;
  colours?: number;
}

/** Keeps all colours: sharp makes a palette for any `quality`, even 100. */
export function isFullColourPng(job: Job, { quality = qualityOf(job), colours }: Level): boolean {
  return colours === undefined && (isLossless(job) || quality === 100);
}

/** Of zlib, for a lossless palette: it costs little there. */
export const paletteLevel = ({ parameters }: Job) => codecEffort('png', parameters.effort ?? 6);

export function encodeAs(image: Sharp, job: Job, level: Level = {}): Sharp {
  return encoders[job.format](image, job, { quality: qualityOf(job), ...level });
}

type Encoder = (image: Sharp, job: Job, level: { quality: number; colours?: number }) => Sharp;

const encoders: Record<OutputFormat, Encoder> = {
  jpeg: (image, job, { quality }) =>
    image.jpeg({ quality, progressive: isProgressive(job), mozjpeg: effortOf(job) >= mozjpegEffort }),
  png(image, job, { quality, colours }) {
    const { effort } = job.parameters;
    const progressive = isProgressive(job);
    if (isFullColourPng(job, { quality, ...(colours === undefined ? {} : { colours }) })) {
      return image.png({ compressionLevel: effortOf(job), adaptiveFiltering: true, progressive });
    }
    return image.png({
      palette: true,
      ...(colours === undefined ? { quality } : { colours }),
      effort: effort === undefined ? paletteEffort : Math.max(1, effort),
      progressive,
    });
  },
  webp: (image, job, { quality }) =>
    image.webp({ quality, effort: effortOf(job), lossless: isLossless(job), ...timing(job) }),
  avif: (image, job, { quality }) =>
    image.avif({
      quality,
      effort: effortOf(job),
      lossless: isLossless(job),
      // A sixth faster than libheif's own choice, for the same bytes at the same SSIM.
      tune: 'ssim',
      chromaSubsampling: isLossless(job) || quality >= fullColourQuality ? '4:4:4' : '4:2:0',
    }),
  gif: (image, job, { colours = 256 }) =>
    image.gif({ colours, effort: effortOf(job), progressive: isProgressive(job), ...timing(job) }),
  // sharp's default, JPEG compression, silently drops alpha.
  tiff: (image, job, { quality }) =>
    image.tiff({ quality, ...(job.hasAlpha || isLossless(job) ? { compression: 'deflate' } : {}) }),
};

function qualityOf({ format, parameters }: Job): number {
  return parameters.quality ?? codecSettings[format].quality ?? 100;
}

function isLossless({ parameters: { lossless = false } }: Job): boolean {
  return lossless;
}

function isProgressive({ parameters: { progressive = false } }: Job): boolean {
  return progressive;
}

function effortOf({ format, parameters }: Job): number {
  return codecEffort(format, parameters.effort);
}

export function codecEffort(format: OutputFormat, effort: number | undefined): number {
  const { least, most, initial } = codecSettings[format].effort ?? { least: 0, most: 0, initial: 0 };
  return effort === undefined ? initial : least + Math.round((effort * (most - least)) / 10);
}

/** sharp's limit per frame, in milliseconds; GIF holds 655,350, WebP 16,777,215. */
const maxDelay = 65_535;

/** sharp's limit. */
const maxLoop = 65_535;

/** Computed pixels have lost delay and loop. */
function timing({ source, frames }: Job): { delay?: number[]; loop?: number } {
  if (frames === 1) return {};
  const { delay, loop } = source;
  return {
    ...(delay === undefined ? {} : { delay: delay.map((ms) => within(ms, maxDelay)) }),
    ...(loop === undefined ? {} : { loop: within(loop, maxLoop) }),
  };
}

const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));

function upTo(most: number, step = 1): Level[] {
  const steps = Math.ceil(most / step);
  return Array.from({ length: steps }, (_, index) => ({ quality: most - (steps - 1 - index) * step }));
}

const palettes: Level[] = [{ colours: 2 }, { colours: 4 }, { colours: 16 }, { colours: 256 }];

/** Worst first; the last is that without `max_bytes`. */
export function levelsOf(job: Job): Level[] {
  const { format, hasAlpha } = job;
  const quality = qualityOf(job);
  if (format === 'gif') return palettes;
  if (isLossless(job) || (format === 'tiff' && hasAlpha)) return [{}];
  if (format !== 'png') return upTo(quality);
  // Quality limits the colours to part of 256; steps of 1 are hard to see.
  const tables = [...palettes.slice(0, 2), ...upTo(Math.min(quality, 99), 2)];
  return quality === 100 ? [...tables, {}] : tables;
}
