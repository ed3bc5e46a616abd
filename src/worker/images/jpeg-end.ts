import { decodeAll } from './decode-all.ts';
import { sharp } from './sharp.ts';

const startOfScan = Buffer.from([0xff, 0xda]);
const endOfImage = Buffer.from([0xff, 0xd9]);

/**
 * Adds the end marker that some cameras leave out, if that is all that is missing: libvips takes its absence for lost pixels.
 * @returns the same bytes for any other JPEG
 */
export async function withEnd(bytes: Buffer, maxPixels: number): Promise<Buffer> {
  if (bytes.lastIndexOf(endOfImage) > bytes.lastIndexOf(startOfScan)) return bytes;
  const ended = Buffer.concat([bytes, endOfImage]);
  return (await isWhole(ended, maxPixels)) ? ended : bytes;
}

/** Where pixels are missing, the decoder warns of the early end. */
function isWhole(bytes: Buffer, maxPixels: number): Promise<boolean> {
  return decodeAll(sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels, sequentialRead: true })).then(
    () => true,
    () => false,
  );
}
