import { directoryOffset, type Entry, readDirectory, readEntries, type Tag, tiffFile } from './directory.ts';

const preamble = 'Exif\0\0';

export const pointers = { exif: 0x8769, gps: 0x8825, interoperability: 0xa005 } as const;

/** Artist and Copyright (EXIF 2.32, 4.6.4). */
const credits = [315, 33432];

/**
 * Tags about the picture, not its pixels: description, maker, model, resolution in both directions and its unit,
 * software, date, host computer, credits.
 */
const descriptiveTags = [270, 271, 272, 282, 283, 296, 305, 306, 316, ...credits];

export interface Exif {
  tags: Tag[];
  inner: { id: number; tags: Tag[] }[];
}

/** Reads the descriptive tags, or only the credits. Malformed parts are ignored. */
export function readExif(data: Buffer | undefined, { onlyCredits }: { onlyCredits: boolean }): Exif {
  if (data === undefined) return { tags: [], inner: [] };
  const tiff = withoutPreamble(data);
  const all = readDirectory(tiff);
  const tags = all.filter(({ id }) => (onlyCredits ? credits : descriptiveTags).includes(id));
  if (onlyCredits) return { tags, inner: [] };
  const entries = readEntries(tiff);
  const inner = [pointers.exif, pointers.gps].flatMap((id) => {
    const pointer = entries.find((entry) => entry.id === id);
    const innerTags = pointer === undefined ? [] : readInner(tiff, pointer);
    return innerTags.length === 0 ? [] : [{ id, tags: innerTags }];
  });
  return { tags, inner };
}

function readInner(tiff: Buffer, pointer: Entry): Tag[] {
  const at = directoryOffset(tiff, pointer);
  // Without the interoperability directory, which is not copied, its pointer would dangle.
  return at === undefined ? [] : readDirectory(tiff, at).filter(({ id }) => id !== pointers.interoperability);
}

const classicTiff = ['II*\0', 'MM\0*'];

export const isClassicTiff = (file: Buffer) => classicTiff.includes(file.toString('latin1', 0, 4));

/** EXIF data of a TIFF, whose own directory holds it; undefined without any. */
export function tiffAsExif(file: Buffer): Buffer | undefined {
  if (!isClassicTiff(file)) return undefined;
  const exif = readExif(file, { onlyCredits: false });
  return isEmpty(exif) ? undefined : exifData(exif);
}

export const isEmpty = ({ tags, inner }: Exif) => tags.length === 0 && inner.length === 0;

export function exifData({ tags, inner }: Exif): Buffer {
  return tiffFile(tags, inner);
}

export function withoutPreamble(data: Buffer): Buffer {
  return data.toString('latin1', 0, preamble.length) === preamble ? data.subarray(preamble.length) : data;
}
