import type { Size } from '../output-size.ts';
import {
  directoryOffset,
  type Entry,
  entryBytes,
  headerBytes,
  inlineBytes,
  numberAccess,
  readEntries,
} from './directory.ts';
import { isClassicTiff, pointers, withoutPreamble } from './exif.ts';

/**
 * Tags of XMP and profile, which are not kept here, of the source's curve and primaries, and of pixels, previews and
 * their directories.
 */
const droppedTags = [273, 279, 301, 318, 319, 324, 325, 330, 513, 514, 700, 34675, 0xa500];

const startOfJpeg = Buffer.from([0xff, 0xd8, 0xff]);

/** Levels of directories below the first: EXIF and GPS within it, interoperability within EXIF. */
const maxDepth = 2;

const types = { short: 3, long: 4 };

interface Copy {
  tiff: Buffer;
  result: Buffer;
  /** New values by tag, true of the result. */
  values: ReadonlyMap<number, number>;
}

/**
 * Copies EXIF data with the tags about the image updated. Everything keeps its offset, because maker notes contain
 * offsets from the start of the data. Thumbnails, in the directory after the first or embedded in values, are left out:
 * they show what was cropped away.
 * @returns undefined if there is nothing to keep
 */
export function updateExif(data: Buffer, { width, height }: Size): Buffer | undefined {
  const tiff = withoutPreamble(data);
  if (!isClassicTiff(tiff) || readEntries(tiff).length === 0) return undefined;
  const values = new Map([
    [256, width],
    [257, height],
    [274, 1], // Orientation
    [0xa001, 1], // ColorSpace: sRGB
    [0xa002, width],
    [0xa003, height],
  ]);
  const result = Buffer.alloc(tiff.length + inlineBytes);
  tiff.copy(result, 0, 0, headerBytes);
  return result.subarray(0, copyDirectory({ tiff, result, values }, numberAccess(tiff).uint32(4), 0));
}

/** @returns offset of the end of the copied data */
function copyDirectory(copy: Copy, at: number, depth: number): number {
  const { tiff, result } = copy;
  const kept = readEntries(tiff, at).filter((entry) => isKept(copy, entry, depth));
  // The link to the next directory, after the entries, stays 0.
  const ends = [at + 2 + kept.length * entryBytes + inlineBytes];
  for (const { from, length } of kept) {
    if (length <= inlineBytes) continue;
    tiff.copy(result, from, from, from + length);
    ends.push(from + length);
  }
  numberAccess(result).setUint16(kept.length, at);
  for (const [index, entry] of kept.entries()) copyEntry(copy, entry, at + 2 + index * entryBytes);
  for (const entry of kept.filter(isPointer)) {
    const target = directoryOffset(tiff, entry) as number;
    ends.push(copyDirectory(copy, target, depth + 1));
    if (entry.id === pointers.interoperability) nameSrgb(result, target);
  }
  return Math.max(...ends);
}

/** Replaces the interoperability index for Adobe RGB by that for sRGB (CIPA DC-009, 3.3). */
function nameSrgb(result: Buffer, directory: number): void {
  for (const { id, from, length } of readEntries(result, directory)) {
    if (id === 1 && length === inlineBytes && result.toString('latin1', from, from + 3) === 'R03') {
      result.write('R98', from, 'latin1');
    }
  }
}

function isKept({ tiff, values }: Copy, entry: Entry, depth: number): boolean {
  const { id, type, count, from, length } = entry;
  if (values.has(id)) return Object.values(types).includes(type) && count === 1;
  if (!isPointer(entry)) return !droppedTags.includes(id) && !tiff.subarray(from, from + length).includes(startOfJpeg);
  const target = directoryOffset(tiff, entry);
  return target !== undefined && depth < maxDepth && readEntries(tiff, target).length > 0;
}

const isPointer = ({ id }: Entry) => Object.values<number>(pointers).includes(id);

function copyEntry({ tiff, result, values }: Copy, { id, type, at }: Entry, to: number): void {
  const { setUint16, setUint32 } = numberAccess(result);
  tiff.copy(result, to, at, at + entryBytes);
  const value = values.get(id);
  if (value === undefined) return;
  result.fill(0, to + 8, to + entryBytes);
  if (type === types.short) setUint16(value, to + 8);
  else setUint32(value, to + 8);
}
