import { boxes, find } from '../avif-boxes.ts';
import type { Sharp } from '../sharp.ts';
import type { KeptMetadata } from './kept-metadata.ts';

/** Makes sharp write an EXIF item for `addAvifExif` to replace. */
export const withExifItem = (image: Sharp) => image.withExif({ IFD0: { Copyright: ' ' } });

/** Bytes of an EXIF item before its TIFF header: the offset to that, here 0 (ISO/IEC 23008-12, A.2.1). */
const itemHeader = Buffer.alloc(4);

/**
 * Replaces the EXIF item of a file by libheif, which has short boxes, item locations of version 0, and one extent an
 * item, at its base offset. libexif, which libvips writes EXIF data with, adds tags of its own, such as an unknown colour
 * space.
 */
export function addAvifExif(avif: Buffer, { exif }: KeptMetadata): Buffer {
  const meta = find(avif, 'meta')?.subarray(4);
  const locations = find(meta, 'iloc');
  const id = exifItem(find(meta, 'iinf'));
  if (exif === undefined || locations === undefined || id === undefined) return avif;
  const extents = [...readExtents(locations)];
  const item = extents.find((extent) => extent.id === id);
  if (item === undefined) return avif;
  const data = Buffer.concat([itemHeader, exif]);
  const growth = data.length - item.length;
  for (const { at, offset } of extents) if (offset > item.offset) locations.writeUInt32BE(offset + growth, at);
  locations.writeUInt32BE(data.length, item.lengthAt);
  growMediaData(avif, growth);
  return Buffer.concat([avif.subarray(0, item.offset), data, avif.subarray(item.offset + item.length)]);
}

/** Reads item information entries of version 2 (ISO/IEC 14496-12, 8.11.6). */
function exifItem(information: Buffer | undefined): number | undefined {
  for (const { type, body } of boxes(information?.subarray(6))) {
    if (type === 'infe' && body.toString('latin1', 8, 12) === 'Exif') return body.readUInt16BE(4);
  }
  return undefined;
}

const extentBytes = 18;

/** Reads item locations (ISO/IEC 14496-12, 8.11.3); `at` is where the base offset is stored. */
function* readExtents(locations: Buffer) {
  for (let entry = 8; entry + extentBytes <= locations.length; entry += extentBytes) {
    const [at, lengthAt] = [entry + 4, entry + 14];
    const [offset, length] = [locations.readUInt32BE(at), locations.readUInt32BE(lengthAt)];
    yield { id: locations.readUInt16BE(entry), at, lengthAt, offset, length };
  }
}

function growMediaData(avif: Buffer, growth: number): void {
  const body = find(avif, 'mdat');
  if (body === undefined) return;
  const at = body.byteOffset - avif.byteOffset - 8;
  avif.writeUInt32BE(avif.readUInt32BE(at) + growth, at);
}
