import type { OutputFormat } from '../../../contract/formats.ts';
import type { Job } from '../job.ts';
import { type Exif, exifData, isEmpty, readExif, upright } from './exif.ts';

export interface KeptMetadata {
  /** For formats that embed EXIF data. */
  exif: Buffer | undefined;
  /** For TIFF, whose own directory they join. */
  directories: Exif;
  xmp: Buffer | undefined;
}

const holdsNone: readonly OutputFormat[] = ['gif'];

export function keptMetadata({ source, format, parameters: { metadata = 'strip' } }: Job): KeptMetadata | undefined {
  if (metadata === 'strip' || holdsNone.includes(format)) return undefined;
  const onlyCredits = metadata === 'copyright';
  const directories = readExif(source.exif, { onlyCredits });
  const credits = isEmpty(directories) ? undefined : exifData(directories);
  const exif = onlyCredits ? credits : source.exif && upright(source.exif);
  const xmp = onlyCredits ? undefined : source.xmp;
  return exif === undefined && xmp === undefined ? undefined : { exif, directories, xmp };
}
