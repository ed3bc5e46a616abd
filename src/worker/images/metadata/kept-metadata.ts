import type { OutputFormat } from '../../../contract/formats.ts';
import type { Job } from '../job.ts';
import type { Size } from '../output-size.ts';
import type { SourceImage } from '../source-image.ts';
import { type Exif, exifData, isEmpty, readExif } from './exif.ts';
import { updatedExif } from './updated-exif.ts';
import { updatedXmp } from './updated-xmp.ts';

export interface KeptMetadata {
  /** For formats that embed EXIF data. */
  exif: Buffer | undefined;
  /** For TIFF, whose own directory they join. */
  directories: Exif;
  xmp: Buffer | undefined;
}

const holdsNone: readonly OutputFormat[] = ['gif'];

/** @param size of the result, of one frame */
export function keptMetadata(
  { source, format, parameters: { metadata = 'strip' } }: Job,
  size: Size,
): KeptMetadata | undefined {
  if (metadata === 'strip' || holdsNone.includes(format)) return undefined;
  const kept = metadata === 'copyright' ? credits(source) : everything(source, size);
  return kept.exif === undefined && kept.xmp === undefined ? undefined : kept;
}

function credits(source: SourceImage): KeptMetadata {
  const directories = readExif(source.exif, { onlyCredits: true });
  return { exif: isEmpty(directories) ? undefined : exifData(directories), directories, xmp: undefined };
}

function everything(source: SourceImage, size: Size): KeptMetadata {
  const exif = source.exif && updatedExif(source.exif, size);
  const xmp = source.xmp && updatedXmp(source.xmp, size);
  return { exif, directories: readExif(exif, { onlyCredits: false }), xmp };
}
