import type { OutputFormat } from '../../contract/formats.ts';
import type { Job } from './job.ts';
import type { Sharp } from './sharp.ts';

export interface Codec {
  /** Default quality; undefined for lossless formats. */
  quality?: number;
  /** The codec's own range that effort 0 to 10 is mapped to, and its default. */
  effort?: { least: number; most: number; initial: number };
  frames?: true;
}

/**
 * Default settings, by measurement: size, SSIM (8 x 8 blocks of luma, against the encoded pixels) and time on one core,
 * of the 6-megapixel photograph of sharp's benchmark at 720 pixels wide. A drawing with alpha is 12 % larger as filtered png.
 *
 * | setting | bytes | SSIM | ms | |
 * | --- | --- | --- | --- | --- |
 * | **jpeg 80, baseline** | 67,973 | .9660 | 6 | |
 * | jpeg 80, progressive | 66,781 | .9660 | 11 | 2 to 5 % smaller for 5 ms more |
 * | jpeg 85, mozjpeg | 65,938 | .9661 | 54 | the same picture, 1 % smaller, five times the time: from effort 6 on |
 * | **webp 80, effort 2** | 48,290 | .9592 | 19 | |
 * | webp 80, effort 4 | 46,582 | .9609 | 41 | 4 % smaller for twice the time |
 * | webp 80, effort 6 | 43,748 | .9584 | 96 | with alpha 9 to 17 s: never used |
 * | avif 60, effort 0 | 43,221 | .9596 | 27 | |
 * | **avif 60, effort 2** | 41,064 | .9612 | 150 | the picture of webp 80 in 15 % fewer bytes |
 * | avif 60, effort 3 | 39,697 | .9622 | 266 | |
 * | avif 50, effort 2, 4 | 27,929, 25,886 | .9415, .9450 | 132, 1,286 | effort 4: 7 % smaller for ten times the time; more is never used |
 * | avif 60, effort 2, 4:2:0 | 39,314 | .9611 | 176 | 4 % smaller, but 5 dB worse where a drawing has red beside blue |
 * | png, unfiltered | 1,000,256 | 1 | 21 | |
 * | **png, filtered by row** | 649,225 | 1 | 43 | |
 * | **png with a palette, effort 4** | 247,104 | | 233 | effort 7: 216,798 in 603 ms |
 * | **gif, effort 4** | 280,435 | .9670 | 239 | effort 7: 251,316, .9823, in 796 ms |
 */
export const codecSettings: Record<OutputFormat, Codec> = {
  jpeg: { quality: 80, effort: { least: 0, most: 10, initial: 0 } },
  png: { effort: { least: 1, most: 9, initial: 6 } },
  webp: { quality: 80, effort: { least: 0, most: 5, initial: 2 }, frames: true },
  avif: { quality: 60, effort: { least: 0, most: 4, initial: 2 } },
  gif: { effort: { least: 1, most: 10, initial: 4 }, frames: true },
  tiff: { quality: 80 },
};

/** From this effort on, jpeg is written by mozjpeg. */
const mozjpegEffort = 6;

const paletteEffort = 4;

/** What the search for `max_bytes` varies: quality, or the colours of a palette. */
export interface Level {
  quality?: number;
  colours?: number;
}

/** Whether a PNG keeps all colours: sharp takes any quality, even 100, as a request for a palette of fewer. */
export function isFullColourPng(job: Job, { quality = qualityOf(job), colours }: Level): boolean {
  return colours === undefined && (isLossless(job) || quality === 100);
}

export const pngLevel = (job: Job) => effortOf(job);

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
  avif: (image, job, { quality }) => image.avif({ quality, effort: effortOf(job), lossless: isLossless(job) }),
  gif: (image, job, { colours = 256 }) =>
    image.gif({ colours, effort: effortOf(job), progressive: isProgressive(job), ...timing(job) }),
  // sharp's default for TIFF is JPEG compression, which silently drops alpha.
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

/** Maps effort 0 to 10 to the codec's own range. */
export function codecEffort(format: OutputFormat, effort: number | undefined): number {
  const { least, most, initial } = codecSettings[format].effort ?? { least: 0, most: 0, initial: 0 };
  return effort === undefined ? initial : least + Math.round((effort * (most - least)) / 10);
}

/** Longest time that sharp passes on for a frame, in milliseconds; GIF has 655,350 and WebP 16,777,215. */
const maxDelay = 65_535;

/** Most repetitions that sharp passes on. */
const maxLoop = 65_535;

/** Delay and loop of the source; computed pixels have lost them. */
function timing({ source, frames }: Job): { delay?: number[]; loop?: number } {
  if (frames === 1) return {};
  const { delay, loop } = source;
  return {
    ...(delay === undefined ? {} : { delay: delay.map((ms) => within(ms, maxDelay)) }),
    ...(loop === undefined ? {} : { loop: within(loop, maxLoop) }),
  };
}

const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));

/** Qualities up to one, that one included. */
function upTo(most: number, step = 1): Level[] {
  const steps = Math.ceil(most / step);
  return Array.from({ length: steps }, (_, index) => ({ quality: most - (steps - 1 - index) * step }));
}

/** Sizes of palettes by bits per pixel. */
const palettes: Level[] = [{ colours: 2 }, { colours: 4 }, { colours: 16 }, { colours: 256 }];

/** What the search for `max_bytes` tries, least first; the last is what is made without `max_bytes`. */
export function levelsOf(job: Job): Level[] {
  const { format, hasAlpha } = job;
  const quality = qualityOf(job);
  if (format === 'gif') return palettes;
  if (isLossless(job) || (format === 'tiff' && hasAlpha)) return [{}];
  if (format !== 'png') return upTo(quality);
  // Quality decides how many of 256 colours are used, in steps that are hard to see.
  const tables = [...palettes.slice(0, 2), ...upTo(Math.min(quality, 99), 2)];
  return quality === 100 ? [...tables, {}] : tables;
}
