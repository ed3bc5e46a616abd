import type { Size } from './output-size.ts';

const riffHeader = 12;
const chunkHeader = 8;
/** Offsets in the body of a frame's chunk; both values are stored minus 1. */
const widthOffset = 6;
const heightOffset = 9;

/** Counts frames without libwebp, whose header parsing is quadratic in them: 30 s for 100,000. */
export function countWebpFrames(file: Buffer): number {
  let frames = 0;
  for (const _ of frameChunks(file)) frames += 1;
  return frames;
}

/** Whether every frame is as large as the canvas. */
export function areFramesFullSize(file: Buffer, { width, height }: Size): boolean {
  for (const chunk of frameChunks(file)) {
    if (chunk.length < heightOffset + 3) return false;
    if (chunk.readUIntLE(widthOffset, 3) + 1 !== width) return false;
    if (chunk.readUIntLE(heightOffset, 3) + 1 !== height) return false;
  }
  return true;
}

function* frameChunks(file: Buffer): Generator<Buffer> {
  for (let at = riffHeader; at + chunkHeader <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const start = at + chunkHeader;
    if (file.toString('latin1', at, at + 4) === 'ANMF') yield file.subarray(start, start + size);
    at = start + size + (size % 2);
  }
}
