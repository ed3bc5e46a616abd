import type { Size } from './output-size.ts';

const riffHeader = 12;
const chunkHeader = 8;
/** Offsets in the body of a frame's chunk; both values are stored minus 1. */
const widthOffset = 6;
const heightOffset = 9;
const flagsOffset = 15;
const clearsFlag = 1;
/** In the chunk VP8X, the first of an animation. */
const alphaFlag = 0x10;

/** Counts frames without libwebp, whose header parsing is quadratic in them: 30 s for 100,000. */
export function countWebpFrames(file: Buffer): number {
  let frames = 0;
  for (const _ of frameChunks(file)) frames += 1;
  return frames;
}

/** Whether every frame is as large as the canvas. */
export function areFramesFullSize(file: Buffer, size: Size): boolean {
  for (const chunk of frameChunks(file)) if (!isFullSize(chunk, size)) return false;
  return true;
}

/**
 * Marks an animation as transparent, in place, where frames leave parts of the canvas unpainted or clear them: libwebp
 * looks for transparency within the frames only, and decoders such as Pillow's go by the flag.
 */
export function markUnpaintedCanvas(file: Buffer, size: Size): void {
  const [first, ...others] = frameChunks(file);
  if (first === undefined) return;
  const isPainted = isFullSize(first, size) && ![first, ...others].some(clearsFrame);
  const flagsAt = riffHeader + chunkHeader;
  if (!isPainted) file[flagsAt] = (file[flagsAt] as number) | alphaFlag;
}

const clearsFrame = (chunk: Buffer) => ((chunk[flagsOffset] ?? 0) & clearsFlag) !== 0;

function isFullSize(chunk: Buffer, { width, height }: Size): boolean {
  if (chunk.length < heightOffset + 3) return false;
  return chunk.readUIntLE(widthOffset, 3) + 1 === width && chunk.readUIntLE(heightOffset, 3) + 1 === height;
}

function* frameChunks(file: Buffer): Generator<Buffer> {
  for (let at = riffHeader; at + chunkHeader <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const start = at + chunkHeader;
    if (file.toString('latin1', at, at + 4) === 'ANMF') yield file.subarray(start, start + size);
    at = start + size + (size % 2);
  }
}
