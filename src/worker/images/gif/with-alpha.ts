import { RequestError } from '../../../contract/errors.ts';
import { type Gif, type GifFrame, readGif } from './blocks.ts';
import { usedColours } from './used-colours.ts';

const transparencyFlag = 1;
/** From the packed byte to the transparent index. */
const indexOffset = 3;
const colours = 256;

/**
 * Makes an unused colour transparent in a GIF whose frames leave canvas uncovered, which libvips would show black.
 * @returns other files as is
 * @throws RequestError `unprocessable_image` if all colours are used
 */
export function withAlpha(bytes: Buffer): Buffer {
  const gif = readGif(bytes);
  if (gif.frames.some(({ isTransparent }) => isTransparent) || !showsThrough(gif)) return bytes;
  for (const frame of gif.frames) {
    const used = usedColours(bytes, frame.dataAt);
    for (let index = colours - 1; index >= 0; index -= 1) {
      if (!used.has(index)) return withTransparent(bytes, frame, index);
    }
  }
  throw new RequestError(
    'unprocessable_image',
    `Expected frames that cover the ${gif.width} x ${gif.height} of the gif, or an unused colour, but received neither`,
  );
}

/** Whether unpainted or cleared canvas is visible. */
function showsThrough({ width, height, frames }: Gif): boolean {
  const [first] = frames;
  if (first === undefined) return false;
  const covers = first.left === 0 && first.top === 0 && first.width >= width && first.height >= height;
  return !covers || first.disposal === 3 || frames.slice(0, -1).some(({ disposal }) => disposal === 2);
}

function withTransparent(bytes: Buffer, { controlAt, startAt }: GifFrame, index: number): Buffer {
  if (controlAt === undefined) {
    const control = Buffer.from([0x21, 0xf9, 4, transparencyFlag, 0, 0, index, 0]);
    return Buffer.concat([bytes.subarray(0, startAt), control, bytes.subarray(startAt)]);
  }
  const copy = Buffer.from(bytes);
  copy[controlAt] = (copy[controlAt] as number) | transparencyFlag;
  copy[controlAt + indexOffset] = index;
  return copy;
}
