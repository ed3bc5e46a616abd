import { decodeAll } from './decode-all.ts';
import { sharp } from './sharp.ts';

const startOfScan = Buffer.from([0xff, 0xda]);
const endOfImage = Buffer.from([0xff, 0xd9]);

/**
 * Appends the end marker that some cameras omit, unless pixels are missing too: libvips takes its absence
 * for lost pixels.
 * @returns other files as is
 */
export async function withEndMarker(bytes: Buffer, maxPixels: number): Promise<Buffer> {
  // Spares nearly all files the search, which reads the whole file.
  const isEnded = bytes.subarray(-endOfImage.length).equals(endOfImage);
  if (isEnded || bytes.lastIndexOf(endOfImage) > bytes.lastIndexOf(startOfScan)) return bytes;
  const ended = Buffer.concat([bytes, endOfImage]);
  return (await isComplete(ended, maxPixels)) ? ended : bytes;
}

/** Missing pixels make the decoder warn. */
function isComplete(bytes: Buffer, maxPixels: number): Promise<boolean> {
  return decodeAll(sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels, sequentialRead: true })).then(
    () => true,
    () => false,
  );
}
