/** What a GIF says of one frame; offsets into the file. */
export interface GifFrame {
  /** Of its image descriptor. */
  startAt: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** 2: cleared after it was shown; 3: what was there before comes back. */
  disposal: number;
  isTransparent: boolean;
  /** Of the packed byte of its graphic control extension. */
  controlAt: number | undefined;
  /** Of the code size before its compressed pixels. */
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

/** Reads the blocks of a GIF (GIF89a, 20 to 27) up to its end or to what is not one. */
export function readGif(file: Buffer): Gif {
  const frames: GifFrame[] = [];
  if (file.length < screenEnd) return { width: 0, height: 0, frames };
  let at = screenEnd + tableBytes(file[10] ?? 0);
  let controlAt: number | undefined;
  while (at + 10 < file.length) {
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
        disposal: (control >> 2) & 7,
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

/** Bytes of a colour table, by the packed byte that announces it. */
const tableBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

function skipBlocks(file: Buffer, from: number): number {
  let at = from;
  while (at < file.length && file[at] !== 0) at += 1 + (file[at] as number);
  return at + 1;
}
