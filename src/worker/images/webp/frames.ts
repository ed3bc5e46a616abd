import type { Size } from '../output-size.ts';
import { frameChunks } from './chunks.ts';

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
export function areFramesFullSize(file: Buffer, size: Size): boolean {
  for (const frame of frameChunks(file)) if (!isFullSize(frame, size)) return false;
  return true;
}

export function isFullSize(frame: Buffer, { width, height }: Size): boolean {
  if (frame.length < heightOffset + 3) return false;
  return frame.readUIntLE(widthOffset, 3) + 1 === width && frame.readUIntLE(heightOffset, 3) + 1 === height;
}
