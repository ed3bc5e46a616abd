import { RequestError } from '../../contract/errors.ts';
import { checkFrames } from './decoding-limits.ts';

/**
 * Walks the page list once: libtiff rereads it for each page.
 * @throws RequestError `unprocessable_image` for a cyclic list or too many pages
 */
export function checkPages(file: Buffer): void {
  const seen = new Set<number>();
  try {
    for (const page of pages(file)) {
      if (seen.has(page)) {
        throw new RequestError(
          'unprocessable_image',
          'Expected a list of pages that ends but received one that repeats',
        );
      }
      checkFrames(seen.add(page).size);
    }
  } catch (error) {
    // The decoder rejects a truncated list if it matters.
    if (!(error instanceof RangeError)) throw error;
  }
}

/** TIFF 6.0, section 2; BigTIFF has 8-byte counts and offsets. */
function* pages(file: Buffer): Generator<number> {
  const little = file.toString('latin1', 0, 2) === 'II';
  const uint16 = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const uint32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const uint64 = (at: number) => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  const isBig = uint16(2) === 43;
  const offset = (at: number) => (isBig ? uint64(at) : uint32(at));
  for (let page = offset(isBig ? 8 : 4); page !== 0; ) {
    yield page;
    page = offset(isBig ? page + 8 + uint64(page) * 20 : page + 2 + uint16(page) * 12);
  }
}
