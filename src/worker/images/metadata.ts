import { type Credits, readCredits } from './credits.ts';
import type { Job } from './job.ts';
import type { Sharp } from './sharp.ts';

/** Has the result carry the metadata that was asked for; sharp leaves all of it out unless it is told otherwise. */
export function withMetadata(image: Sharp, { source, parameters: { metadata = 'strip' } }: Job): Sharp {
  if (metadata === 'strip') return image;
  if (metadata === 'keep') return image.keepExif().keepXmp();
  const credits: Credits = source.exif === undefined ? {} : readCredits(source.exif);
  return Object.keys(credits).length === 0 ? image : image.withExif({ IFD0: { ...credits } });
}
