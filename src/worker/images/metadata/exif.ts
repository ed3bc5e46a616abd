import { directoryOffset, type Entry, readDirectory, readEntries, type Tag, tiffFile } from './directory.ts';

const preamble = 'Exif\0\0';

const ids = { orientation: 274, exif: 0x8769, gps: 0x8825, interoperability: 0xa005 } as const;

/** Artist and Copyright (EXIF 2.32, 4.6.4). */
const credits = [315, 33432];

/** About the picture, not its pixels: description, maker, model, software, date, host. */
const descriptive = [270, 271, 272, 305, 306, 316, ...credits];

export interface Exif {
  tags: Tag[];
  inner: { id: number; tags: Tag[] }[];
}

/** Malformed parts count as absent. */
export function readExif(data: Buffer | undefined, { onlyCredits }: { onlyCredits: boolean }): Exif {
  if (data === undefined) return { tags: [], inner: [] };
  const tiff = withoutPreamble(data);
  const all = readDirectory(tiff);
  const tags = all.filter(({ id }) => (onlyCredits ? credits : descriptive).includes(id));
  if (onlyCredits) return { tags, inner: [] };
  const entries = readEntries(tiff);
  const inner = [ids.exif, ids.gps].flatMap((id) => {
    const pointer = entries.find((entry) => entry.id === id);
    const found = pointer === undefined ? [] : readInner(tiff, pointer);
    return found.length === 0 ? [] : [{ id, tags: found }];
  });
  return { tags, inner };
}

function readInner(tiff: Buffer, pointer: Entry): Tag[] {
  const at = directoryOffset(tiff, pointer);
  // The interoperability directory is not copied, so its pointer would dangle.
  return at === undefined ? [] : readDirectory(tiff, at).filter(({ id }) => id !== ids.interoperability);
}

const classicTiff = ['II*\0', 'MM\0*'];

export function tiffAsExif(file: Buffer): Buffer | undefined {
  if (!classicTiff.includes(file.toString('latin1', 0, 4))) return undefined;
  const exif = readExif(file, { onlyCredits: false });
  return isEmpty(exif) ? undefined : exifData(exif);
}

export const isEmpty = ({ tags, inner }: Exif) => tags.length === 0 && inner.length === 0;

export function exifData({ tags, inner }: Exif): Buffer {
  return tiffFile(tags, inner);
}

/** Strips the preamble and resets orientation. */
export function upright(data: Buffer): Buffer {
  const tiff = Buffer.from(withoutPreamble(data));
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const uint16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  try {
    const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
    for (let index = 0; index < uint16(directory); index += 1) {
      const at = directory + 2 + index * 12;
      if (uint16(at) !== ids.orientation) continue;
      if (little) tiff.writeUInt16LE(1, at + 8);
      else tiff.writeUInt16BE(1, at + 8);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return tiff;
}

function withoutPreamble(data: Buffer): Buffer {
  return data.toString('latin1', 0, preamble.length) === preamble ? data.subarray(preamble.length) : data;
}
