import { checkChunks } from '../decoding-limits.ts';

/** A frame; names that end in `At` are file offsets. */
export interface GifFrame {
  /** Offset of the image descriptor. */
  startAt: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** 2 clears the frame after display, 3 restores what was there before. */
  disposal: number;
  isTransparent: boolean;
  /** Offset of the packed byte of the graphic control extension. */
  controlAt: number | undefined;
  /** Offset of the LZW minimum code size. */
  dataAt: number;
}

export interface Gif {
  width: number;
  height: number;
  frames: GifFrame[];
}

const screenEnd = 13;
const extension = 0x21;
const graphicControl = 0xf9;
const imageSeparator = 0x2c;

/**
 * Reads blocks (GIF89a, sections 20 to 27) up to the trailer or an unknown one.
 * @throws RequestError `unprocessable_image` for too many
 */
export function readGif(file: Buffer): Gif {
  const frames: GifFrame[] = [];
  if (file.length < screenEnd) return { width: 0, height: 0, frames };
  let at = screenEnd + tableBytes(file[10] ?? 0);
  let controlAt: number | undefined;
  let blocks = 0;
  while (at + 10 < file.length) {
    blocks += 1;
    checkChunks(blocks);
    const label = file[at];
    if (label === extension) {
      if (file[at + 1] === graphicControl) controlAt = at + 3;
      at = skipBlocks(file, at + 2);
    } else if (label === imageSeparator) {
      const control = controlAt === undefined ? 0 : (file[controlAt] ?? 0);
      const dataAt = at + 10 + tableBytes(file[at + 9] ?? 0);
      frames.push({
        startAt: at,
        left: file.readUInt16LE(at + 1),
        top: file.readUInt16LE(at + 3),
        width: file.readUInt16LE(at + 5),
        height: file.readUInt16LE(at + 7),
        disposal: disposalOf(control),
        isTransparent: (control & 1) === 1,
        controlAt,
        dataAt,
      });
      controlAt = undefined;
      at = skipBlocks(file, dataAt + 1);
    } else break;
  }
  return { width: file.readUInt16LE(6), height: file.readUInt16LE(8), frames };
}

/** 4 is an old way to write 3, which libnsgif and browsers accept. */
function disposalOf(packed: number): number {
  const disposal = (packed >> 2) & 7;
  return disposal === 4 ? 3 : disposal;
}

/** Size of a colour table, by the packed byte before it. */
const tableBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

function skipBlocks(file: Buffer, from: number): number {
  let at = from;
  while (at < file.length && file[at] !== 0) at += 1 + (file[at] as number);
  return at + 1;
}
