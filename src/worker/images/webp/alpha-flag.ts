import type { Size } from '../output-size.ts';
import { chunks, frameChunks } from './chunks.ts';
import { isFullSize } from './frames.ts';

/** In the first byte of the chunk VP8X (RFC 9649, 2.7). */
export const alphaFlag = 0x10;
/** In byte 4 of the chunk VP8L (RFC 9649, 3.4). */
const losslessAlphaFlag = 0x10;

/** @param body of a chunk VP8L */
export const hasLosslessAlpha = (body: Buffer) => ((body[4] ?? 0) & losslessAlphaFlag) !== 0;

/**
 * Marks a lossless image with alpha as transparent: ExifTool does not when it extends a file, and libvips goes by the
 * mark, unlike libwebp.
 * @returns other files as is
 */
export function withAlphaFlag(webp: Buffer): Buffer {
  let isMarked = true;
  for (const { type, body } of chunks(webp)) {
    if (type === 'VP8X') isMarked = ((body[0] ?? 0) & alphaFlag) !== 0;
    if (type === 'VP8L' && !isMarked && hasLosslessAlpha(body)) {
      const marked = Buffer.from(webp);
      mark(marked);
      return marked;
    }
  }
  return webp;
}

const flagsOffset = 15;
const clearsFlag = 1;

/**
 * Marks an animation as transparent, in place, where frames leave parts of the canvas unpainted or clear them: libwebp
 * looks for transparency within the frames only, and decoders such as Pillow's go by the mark.
 */
export function markUnpaintedCanvas(webp: Buffer, size: Size): void {
  const [first, ...others] = frameChunks(webp);
  if (first === undefined) return;
  if (!isFullSize(first, size) || [first, ...others].some(clearsFrame)) mark(webp);
}

const clearsFrame = (frame: Buffer) => ((frame[flagsOffset] ?? 0) & clearsFlag) !== 0;

/** Offset of the flags of an extended file. */
const extendedFlagsAt = 20;

function mark(webp: Buffer): void {
  webp[extendedFlagsAt] = (webp[extendedFlagsAt] as number) | alphaFlag;
}
