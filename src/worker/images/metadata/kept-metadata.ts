import type { OutputFormat } from '../../../contract/formats.ts';
import type { Size } from '../output-size.ts';
import type { Plan } from '../plan.ts';
import type { SourceImage } from '../source-image.ts';
import { type Exif, exifData, isEmpty, readExif } from './exif.ts';
import { updateExif } from './update-exif.ts';
import { updateXmp } from './update-xmp.ts';

export interface KeptMetadata {
  /** EXIF data for formats that embed it. */
  exif: Buffer | undefined;
  /** The same for TIFF, whose own directory it joins. */
  directories: Exif;
  xmp: Buffer | undefined;
}

const formatsWithout: readonly OutputFormat[] = ['gif'];

/**
 * The source's metadata to write to the result, by the parameter `metadata`.
 * @param size of one frame of the result
 * @returns undefined if there is none
 */
export function keptMetadata(
  { source, format, parameters: { metadata = 'strip' } }: Plan,
  size: Size,
): KeptMetadata | undefined {
  if (metadata === 'strip' || formatsWithout.includes(format)) return undefined;
  const kept = metadata === 'copyright' ? credits(source) : everything(source, size);
  return kept.exif === undefined && kept.xmp === undefined ? undefined : kept;
}

function credits(source: SourceImage): KeptMetadata {
  const directories = readExif(source.exif, { onlyCredits: true });
  return { exif: isEmpty(directories) ? undefined : exifData(directories), directories, xmp: undefined };
}

function everything(source: SourceImage, size: Size): KeptMetadata {
  const exif = source.exif && updateExif(source.exif, size);
  const xmp = source.xmp && updateXmp(source.xmp, size);
  return { exif, directories: readExif(exif, { onlyCredits: false }), xmp };
}
