import type { OutputFormat } from '../../../contract/formats.ts';
import type { Job } from '../job.ts';
import { type Exif, exifData, isEmpty, readExif, upright } from './exif.ts';

/** What a result keeps of its source's metadata. */
export interface KeptMetadata {
  /** For a file that takes EXIF data as it is. */
  exif: Buffer | undefined;
  /** The same for a TIFF, whose own directory it joins. */
  directories: Exif;
  xmp: Buffer | undefined;
}

const holdsNone: readonly OutputFormat[] = ['gif'];

/** The metadata that was asked for, where the source has it and the format can hold it. */
export function keptMetadata({ source, format, parameters: { metadata = 'strip' } }: Job): KeptMetadata | undefined {
  if (metadata === 'strip' || holdsNone.includes(format)) return undefined;
  const onlyCredits = metadata === 'copyright';
  const directories = readExif(source.exif, { onlyCredits });
  const credits = isEmpty(directories) ? undefined : exifData(directories);
  const exif = onlyCredits ? credits : source.exif && upright(source.exif);
  const xmp = onlyCredits ? undefined : source.xmp;
  return exif === undefined && xmp === undefined ? undefined : { exif, directories, xmp };
}
