import { decodeAll } from './decode-all.ts';
import { sharp } from './sharp.ts';

const startOfScan = Buffer.from([0xff, 0xda]);
const endOfImage = Buffer.from([0xff, 0xd9]);

/**
 * Appends the end marker that some cameras omit, if no pixels are missing: libvips takes its absence for loss.
 * @returns other files as is
 */
export async function withEnd(bytes: Buffer, maxPixels: number): Promise<Buffer> {
  // Without a search, which reads the whole file, for nearly all.
  const isEnded = bytes.subarray(-endOfImage.length).equals(endOfImage);
  if (isEnded || bytes.lastIndexOf(endOfImage) > bytes.lastIndexOf(startOfScan)) return bytes;
  const ended = Buffer.concat([bytes, endOfImage]);
  return (await isWhole(ended, maxPixels)) ? ended : bytes;
}

/** The decoder warns of missing pixels. */
function isWhole(bytes: Buffer, maxPixels: number): Promise<boolean> {
  return decodeAll(sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels, sequentialRead: true })).then(
    () => true,
    () => false,
  );
}
