/** A frame with one colour index, or an index per pixel. */
export interface GifFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  colour: number | readonly number[];
  disposal?: number;
  /** Index of the transparent colour. */
  transparent?: number;
  /** Hundredths of a second. */
  delay?: number;
}

export interface GifOptions {
  width: number;
  height: number;
  /** Bits per index. The colour table is full: grey, except for 1, red, and 2, green. */
  bits?: number;
}

/** Writes a GIF whose pixels are literal LZW codes. */
export function gif({ width, height, bits = 3 }: GifOptions, frames: readonly GifFrame[]): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  screen[10] = 0xf0 | (bits - 1);
  const table = Buffer.from(
    Array.from({ length: 1 << bits }, (_, i) => (i === 1 ? [255, 0, 0] : i === 2 ? [0, 255, 0] : [i, i, i])).flat(),
  );
  const loop = Buffer.from('!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1');
  return Buffer.concat([screen, table, loop, ...frames.map((frame) => block(frame, bits)), Buffer.from(';')]);
}

function block(frame: GifFrame, bits: number): Buffer {
  const { left, top, width, height, colour, disposal = 0, transparent, delay = 10 } = frame;
  const packed = (disposal << 2) | (transparent === undefined ? 0 : 1);
  const control = Buffer.from([0x21, 0xf9, 4, packed, 0, 0, transparent ?? 0, 0]);
  control.writeUInt16LE(delay, 4);
  const descriptor = Buffer.alloc(10);
  descriptor[0] = 0x2c;
  for (const [index, value] of [left, top, width, height].entries()) descriptor.writeUInt16LE(value, 1 + index * 2);
  const indexes = typeof colour === 'number' ? Array<number>(width * height).fill(colour) : colour;
  const data = encodeLzw(indexes, bits);
  const parts: Buffer[] = [control, descriptor, Buffer.from([bits])];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** Literal LZW codes of `bits + 1` bits; clears the table before codes would grow. */
function encodeLzw(indexes: readonly number[], bits: number): Buffer {
  const clear = 1 << bits;
  const codes = indexes.flatMap((index, at) => (at % (clear - 2) === 0 ? [clear, index] : [index]));
  const bytes: number[] = [];
  let [pending, pendingBits] = [0, 0];
  for (const code of [...codes, clear + 1]) {
    pending |= code << pendingBits;
    pendingBits += bits + 1;
    while (pendingBits >= 8) {
      bytes.push(pending & 255);
      pending >>= 8;
      pendingBits -= 8;
    }
  }
  return Buffer.from(pendingBits > 0 ? [...bytes, pending] : bytes);
}
