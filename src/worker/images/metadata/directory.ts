/** A directory entry with its value (TIFF 6.0, section 2), also in EXIF. */
export interface Tag {
  id: number;
  type: number;
  count: number;
  /** Always little-endian. */
  value: Buffer;
}

/** Bytes of a value by type; 13 is from Adobe PageMaker 6.0 TIFF Technical Notes, 129 from EXIF 3.0. */
const typeBytes: Record<number, number> = {
  1: 1, // BYTE
  2: 1, // ASCII
  3: 2, // SHORT
  4: 4, // LONG
  5: 8, // RATIONAL
  6: 1, // SBYTE
  7: 1, // UNDEFINED
  8: 2, // SSHORT
  9: 4, // SLONG
  10: 8, // SRATIONAL
  11: 4, // FLOAT
  12: 8, // DOUBLE
  13: 4, // IFD
  129: 1, // UTF-8
};
const pairTypes = [5, 10];
const offsetTypes = [4, 13];

export const entryBytes = 12;
export const inlineBytes = 4;
export const headerBytes = 8;

/** A directory entry by its file offsets. */
export interface Entry extends Omit<Tag, 'value'> {
  /** Offset of the entry. */
  at: number;
  /** Offset and length of the value. */
  from: number;
  length: number;
}

/** Most entries that are read, several times those of any camera; copying 65,535 would block the worker. */
const maxEntries = 4096;

/**
 * Reads the entries of a directory, by default the first. Skips unknown types, truncated values, repeated tags, and any
 * value that would make all of them together larger than the file.
 */
export function readEntries(tiff: Buffer, at?: number): Entry[] {
  const { uint16, uint32 } = numberAccess(tiff);
  const entries = new Map<number, Entry>();
  let remainingBytes = tiff.length;
  try {
    const directory = at ?? uint32(4);
    const count = Math.min(uint16(directory), maxEntries);
    for (let index = 0; index < count; index += 1) {
      const entry = directory + 2 + index * entryBytes;
      const [id, type, values] = [uint16(entry), uint16(entry + 2), uint32(entry + 4)];
      const length = (typeBytes[type] ?? 0) * values;
      const from = length > inlineBytes ? uint32(entry + 8) : entry + 8;
      if (length === 0 || length > remainingBytes || from + length > tiff.length || entries.has(id)) continue;
      remainingBytes -= length;
      entries.set(id, { id, type, count: values, at: entry, from, length });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return [...entries.values()];
}

/** Reads the tags of a directory, as `readEntries` does. */
export function readDirectory(tiff: Buffer, at?: number): Tag[] {
  return readEntries(tiff, at).map(({ id, type, count, from, length }) => {
    const value = Buffer.from(tiff.subarray(from, from + length));
    return { id, type, count, value: isLittle(tiff) ? value : swapBytes(value, type) };
  });
}

/** @returns undefined if the value is not the offset of a single directory */
export function directoryOffset(tiff: Buffer, { type, count, from }: Entry): number | undefined {
  return offsetTypes.includes(type) && count === 1 ? numberAccess(tiff).uint32(from) : undefined;
}

const isLittle = (tiff: Buffer) => tiff.toString('latin1', 0, 2) === 'II';

/** Reads and writes numbers in the byte order of the file. */
export function numberAccess(tiff: Buffer) {
  const little = isLittle(tiff);
  return {
    uint16: (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)),
    uint32: (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)),
    setUint16: (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)),
    setUint32: (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)),
  };
}

function swapBytes(value: Buffer, type: number): Buffer {
  const width = pairTypes.includes(type) ? 4 : (typeBytes[type] as number);
  if (width === 2) return value.swap16();
  if (width === 4) return value.swap32();
  return width === 8 ? value.swap64() : value;
}

/** A directory in little-endian order, followed by its values. */
function encodeDirectory(at: number, tags: readonly Tag[], next = 0): Buffer {
  const sorted = tags.toSorted((a, b) => a.id - b.id);
  const head = Buffer.alloc(2 + sorted.length * entryBytes + 4);
  const values: Buffer[] = [];
  let valueAt = at + head.length;
  head.writeUInt16LE(sorted.length, 0);
  for (const [index, { id, type, count, value }] of sorted.entries()) {
    const entry = 2 + index * entryBytes;
    head.writeUInt16LE(id, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(count, entry + 4);
    if (value.length <= inlineBytes) {
      value.copy(head, entry + 8);
      continue;
    }
    head.writeUInt32LE(valueAt, entry + 8);
    // Values are word-aligned.
    const padded = Buffer.concat([value, Buffer.alloc(value.length % 2)]);
    values.push(padded);
    valueAt += padded.length;
  }
  head.writeUInt32LE(next, head.length - 4);
  return Buffer.concat([head, ...values]);
}

function longTag(id: number, value: number): Tag {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { id, type: 4, count: 1, value: bytes };
}

/** A TIFF of directories only, which is also the form of EXIF data. */
export function tiffFile(tags: readonly Tag[], inner: readonly { id: number; tags: readonly Tag[] }[] = []): Buffer {
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  return Buffer.concat([header, encodeDirectories(headerBytes, tags, inner)]);
}

/** A directory in little-endian order, followed by the `inner` ones that its tags point to. */
export function encodeDirectories(
  at: number,
  tags: readonly Tag[],
  inner: readonly { id: number; tags: readonly Tag[] }[],
  next = 0,
): Buffer {
  const placeholders = inner.map(({ id }) => longTag(id, 0));
  let end = at + encodeDirectory(at, [...tags, ...placeholders]).length;
  const directories: Buffer[] = [];
  const pointers: Tag[] = [];
  for (const { id, tags: innerTags } of inner) {
    pointers.push(longTag(id, end));
    const directory = encodeDirectory(end, innerTags);
    directories.push(directory);
    end += directory.length;
  }
  return Buffer.concat([encodeDirectory(at, [...tags, ...pointers], next), ...directories]);
}
