import { RequestError } from '../../../contract/errors.ts';
import { createTurns } from '../turns.ts';
import { type Gif, type GifFrame, readGif } from './blocks.ts';
import { unusedColour } from './used-colours.ts';

const transparencyFlag = 1;
const disposalMask = 7 << 2;
const restorePrevious = 3 << 2;
/** Distance from the packed byte to the transparent colour index. */
const indexOffset = 3;

/**
 * Makes unused colours transparent in a GIF whose frames leave parts of the canvas uncovered. libvips would show black
 * where nothing was painted, and the background colour where a frame without a transparent colour is cleared.
 * @returns other files as is
 * @throws RequestError `unprocessable_image` if all colours are used
 */
export async function withAlpha(bytes: Buffer): Promise<Buffer> {
  const gif = readGif(bytes);
  if (!showsCanvas(gif)) return bytes;
  const opaque = clearedFrames(gif).filter(({ isTransparent }) => !isTransparent);
  const file = opaque.length > 0 ? Buffer.from(bytes) : bytes;
  let isTransparent = gif.frames.some((frame) => frame.isTransparent);
  const pause = createTurns();
  for (const frame of opaque) {
    if (await clearToTransparent(file, frame)) isTransparent = true;
    await pause();
  }
  return isTransparent ? file : withTransparentColour(file, gif);
}

/** Whether parts of the canvas that are unpainted or cleared can be seen. */
function showsCanvas(gif: Gif): boolean {
  const { width, height, frames } = gif;
  const [first] = frames;
  if (first === undefined) return false;
  const covers = first.left === 0 && first.top === 0 && first.width >= width && first.height >= height;
  return !covers || first.disposal === 3 || clearedFrames(gif).length > 0;
}

const clearedFrames = ({ frames }: Gif): GifFrame[] => frames.slice(0, -1).filter(({ disposal }) => disposal === 2);

/**
 * Gives a frame that is cleared a transparent colour. If it has no unused one, what was there before it is restored
 * instead, which is nothing if the frames before were cleared too.
 * @returns whether the frame has a transparent colour now
 */
async function clearToTransparent(file: Buffer, { controlAt, dataAt }: GifFrame): Promise<boolean> {
  const index = await unusedColour(file, dataAt);
  const at = controlAt as number;
  const packed = file[at] as number;
  if (index === undefined) file[at] = (packed & ~disposalMask) | restorePrevious;
  else setTransparent(file, at, index);
  return index !== undefined;
}

async function withTransparentColour(bytes: Buffer, { width, height, frames }: Gif): Promise<Buffer> {
  const pause = createTurns();
  for (const frame of frames) {
    const index = await unusedColour(bytes, frame.dataAt);
    if (index !== undefined) return withTransparent(bytes, frame, index);
    await pause();
  }
  throw new RequestError(
    'unprocessable_image',
    `Expected frames that cover the ${width} x ${height} of the gif, or an unused colour, but received neither`,
  );
}

function withTransparent(bytes: Buffer, { controlAt, startAt }: GifFrame, index: number): Buffer {
  if (controlAt === undefined) {
    const control = Buffer.from([0x21, 0xf9, 4, transparencyFlag, 0, 0, index, 0]);
    return Buffer.concat([bytes.subarray(0, startAt), control, bytes.subarray(startAt)]);
  }
  const copy = Buffer.from(bytes);
  setTransparent(copy, controlAt, index);
  return copy;
}

function setTransparent(file: Buffer, controlAt: number, index: number): void {
  file[controlAt] = (file[controlAt] as number) | transparencyFlag;
  file[controlAt + indexOffset] = index;
}
