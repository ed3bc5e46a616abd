import { type Credits, readCredits } from './credits.ts';
import type { Job } from './job.ts';
import type { Sharp } from './sharp.ts';

/** Keeps the metadata that was asked for; sharp strips all by default. */
export function withMetadata(image: Sharp, { source, parameters: { metadata = 'strip' } }: Job): Sharp {
  if (metadata === 'strip') return image;
  if (metadata === 'keep') return image.keepExif().keepXmp();
  const credits: Credits = source.exif === undefined ? {} : readCredits(source.exif);
  return Object.keys(credits).length === 0 ? image : image.withExif({ IFD0: { ...credits } });
}
