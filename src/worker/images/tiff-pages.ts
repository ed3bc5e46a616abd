import { RequestError } from '../../contract/errors.ts';
import { checkFrames } from './decoding-limits.ts';

/**
 * Checks the page list in a single walk; libtiff would walk it again for each page.
 * @throws RequestError `unprocessable_image` for a cyclic list or too many pages
 */
export function checkPages(file: Buffer): void {
  const seen = new Set<number>();
  try {
    for (const page of pages(file)) {
      if (seen.has(page)) {
        throw new RequestError('unprocessable_image', 'Expected a list of pages that ends but received a cyclic one');
      }
      checkFrames(seen.add(page).size);
    }
  } catch (error) {
    // A truncated list: the decoder rejects it if it matters.
    if (!(error instanceof RangeError)) throw error;
  }
}

/** TIFF 6.0, section 2; BigTIFF has 8-byte counts and offsets. */
function layoutOf(file: Buffer) {
  const little = file.toString('latin1', 0, 2) === 'II';
  const uint16 = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const uint32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const uint64 = (at: number) => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  return uint16(2) === 43
    ? { uint16, first: 8, offset: uint64, count: uint64, countBytes: 8, entryBytes: 20, valueAt: 12 }
    : { uint16, first: 4, offset: uint32, count: uint16, countBytes: 2, entryBytes: 12, valueAt: 8 };
}

function* pages(file: Buffer): Generator<number> {
  const { first, offset, count, countBytes, entryBytes } = layoutOf(file);
  for (let page = offset(first); page !== 0; ) {
    yield page;
    page = offset(page + countBytes + count(page) * entryBytes);
  }
}

/** The type SHORT. */
const short = 3;

/** Values by tag. */
export type ShortTags = ReadonlyMap<number, readonly [number, number]>;

/** Reads the first two values of each tag of type SHORT in a page's directory, as far as the file goes. */
export function readShortTags(file: Buffer, page: number): ShortTags {
  const { uint16, count, countBytes, entryBytes, valueAt } = layoutOf(file);
  const tags = new Map<number, readonly [number, number]>();
  try {
    const directory = directoryOf(file, page);
    for (let entry = 0; entry < count(directory); entry += 1) {
      const at = directory + countBytes + entry * entryBytes;
      if (uint16(at + 2) === short) tags.set(uint16(at), [uint16(at + valueAt), uint16(at + valueAt + 2)]);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return tags;
}

/** Values of the Compression tag for JPEG (TIFF 6.0, section 22, and its Technical Note 2). */
export const jpegCompressions: readonly (number | undefined)[] = [6, 7];

/** The Compression tag (TIFF 6.0, section 3). */
export const compressionOf = (tags: ShortTags) => tags.get(259)?.[0];

/** @throws RangeError if there is no such page */
function directoryOf(file: Buffer, page: number): number {
  let index = 0;
  for (const directory of pages(file)) {
    if (index === page) return directory;
    index += 1;
  }
  throw new RangeError(`Expected a page ${page}`);
}
