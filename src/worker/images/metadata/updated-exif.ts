import type { Size } from '../output-size.ts';
import {
  directoryOffset,
  type Entry,
  entryBytes,
  headerBytes,
  inlineBytes,
  numbersOf,
  readEntries,
} from './directory.ts';
import { isClassicTiff, pointers, withoutPreamble } from './exif.ts';

/** XMP and profile, which are not kept here, and what leads to pixels, previews and their directories. */
const dropped = [273, 279, 324, 325, 330, 513, 514, 700, 34675];

const startOfJpeg = Buffer.from([0xff, 0xd8, 0xff]);

/** EXIF, GPS and interoperability: a directory within the first, or one more within that. */
const deepest = 2;

const types = { short: 3, long: 4 };

interface Copying {
  tiff: Buffer;
  made: Buffer;
  /** What is true of the result. */
  values: ReadonlyMap<number, number>;
}

/**
 * Copies what the directories hold, to the same places: maker notes count from the start. Thumbnails, in the directory
 * after the first or embedded in values, show what was cropped away and stay behind.
 * @returns undefined if nothing is left
 */
export function updatedExif(data: Buffer, { width, height }: Size): Buffer | undefined {
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
  const made = Buffer.alloc(tiff.length + inlineBytes);
  tiff.copy(made, 0, 0, headerBytes);
  return made.subarray(0, copyDirectory({ tiff, made, values }, numbersOf(tiff).uint32(4), 0));
}

/** @returns the end of what it copied */
function copyDirectory(copying: Copying, at: number, depth: number): number {
  const { tiff, made } = copying;
  const kept = readEntries(tiff, at).filter((entry) => isKept(copying, entry, depth));
  // The link to the next directory, behind the entries, remains 0.
  const ends = [at + 2 + kept.length * entryBytes + inlineBytes];
  for (const { from, length } of kept) {
    if (length <= inlineBytes) continue;
    tiff.copy(made, from, from, from + length);
    ends.push(from + length);
  }
  numbersOf(made).setUint16(kept.length, at);
  for (const [index, entry] of kept.entries()) copyEntry(copying, entry, at + 2 + index * entryBytes);
  for (const entry of kept.filter(isPointer)) {
    ends.push(copyDirectory(copying, directoryOffset(tiff, entry) as number, depth + 1));
  }
  return Math.max(...ends);
}

function isKept({ tiff, values }: Copying, entry: Entry, depth: number): boolean {
  const { id, type, count, from, length } = entry;
  if (values.has(id)) return Object.values(types).includes(type) && count === 1;
  if (!isPointer(entry)) return !dropped.includes(id) && !tiff.subarray(from, from + length).includes(startOfJpeg);
  const target = directoryOffset(tiff, entry);
  return target !== undefined && depth < deepest && readEntries(tiff, target).length > 0;
}

const isPointer = ({ id }: Entry) => Object.values<number>(pointers).includes(id);

function copyEntry({ tiff, made, values }: Copying, { id, type, at }: Entry, to: number): void {
  const { setUint16, setUint32 } = numbersOf(made);
  tiff.copy(made, to, at, at + entryBytes);
  const value = values.get(id);
  if (value === undefined) return;
  made.fill(0, to + 8, to + entryBytes);
  if (type === types.short) setUint16(value, to + 8);
  else setUint32(value, to + 8);
}
