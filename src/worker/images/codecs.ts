import type { OutputFormat } from '../../contract/formats.ts';
import type { Job } from './job.ts';
import type { Sharp } from './sharp.ts';

/** How each format is written; what is not said here is as sharp does it. */
export const codecs: Record<OutputFormat, (image: Sharp, job: Job) => Sharp> = {
  jpeg: (image, job) => image.jpeg(quality(job)),
  // To sharp any quality of a PNG, 100 too, asks for a palette.
  png: (image, job) => image.png(job.parameters.quality === 100 ? {} : quality(job)),
  webp: (image, job) => image.webp(quality(job)),
  avif: (image, job) => image.avif(quality(job)),
  gif: (image) => image.gif(),
  // sharp writes JPEG into TIFF, which has no transparency, and drops it without a word.
  tiff: (image, job) => image.tiff({ ...quality(job), ...(job.hasAlpha ? { compression: 'deflate' } : {}) }),
};

function quality({ parameters: { quality } }: Job): { quality?: number } {
  return quality === undefined ? {} : { quality };
}
