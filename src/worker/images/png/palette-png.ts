import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { encodeChunk } from '../colour/png-chunks.ts';
import type { Pixels } from '../pixels.ts';

type ShallowPixels = Pixels & { data: Uint8Array };

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const paletteType = 3;
const compress = promisify<Buffer, { level: number }, Buffer>(deflate);

/**
 * Encodes a lossless palette PNG without filters, because neighbouring indexes are unrelated.
 * @returns undefined if there are too many colours
 */
export async function palettePng(
  pixels: ShallowPixels,
  { level, maxColours }: { level: number; maxColours: number },
): Promise<Buffer | undefined> {
  const indexed = indexColours(pixels, maxColours);
  if (indexed === undefined) return undefined;
  const { indexes, colours } = indexed;
  const { width, height } = pixels;
  const depth = [1, 2, 4, 8].find((bits) => colours.length <= 1 << bits) as number;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, paletteType], 8);
  const rows = packRows(indexes, width, height, depth);
  const transparent = colours.filter(([, , , alpha]) => alpha < 255);
  const chunks = [
    encodeChunk({ type: 'IHDR', data: header }),
    encodeChunk({ type: 'PLTE', data: Buffer.from(colours.flatMap((colour) => colour.slice(0, 3))) }),
    ...(transparent.length === 0
      ? []
      : [encodeChunk({ type: 'tRNS', data: Buffer.from(transparent.map(([, , , alpha]) => alpha)) })]),
    encodeChunk({ type: 'IDAT', data: await compress(rows, { level }) }),
    encodeChunk({ type: 'IEND', data: Buffer.alloc(0) }),
  ];
  return Buffer.concat([signature, ...chunks]);
}

type Colour = [number, number, number, number];

/**
 * Sorts transparent colours first: opaque ones at the end need no tRNS entry.
 * @returns undefined if there are too many colours
 */
function indexColours({ data, channels }: ShallowPixels, maxColours: number) {
  const numbers = new Map<number, number>();
  const indexes = new Uint8Array(data.length / channels);
  const colours: Colour[] = [];
  // Most pixels repeat the one before, which saves the lookup.
  let last = { key: -1, number: -1 };
  for (let pixel = 0, at = 0; pixel < indexes.length; pixel += 1, at += channels) {
    const alpha = channels === 4 ? (data[at + 3] as number) : 255;
    const r = data[at] as number;
    const g = data[at + 1] as number;
    const b = data[at + 2] as number;
    const key = ((alpha << 24) | (r << 16) | (g << 8) | b) >>> 0;
    if (key !== last.key) {
      let number = numbers.get(key);
      if (number === undefined) {
        if (colours.length === maxColours) return undefined;
        number = colours.length;
        numbers.set(key, number);
        colours.push([r, g, b, alpha]);
      }
      last = { key, number };
    }
    indexes[pixel] = last.number;
  }
  const order = colours
    .map((_, number) => number)
    .sort((a, b) => (colours[a] as Colour)[3] - (colours[b] as Colour)[3]);
  const indexOf = new Uint8Array(order.length);
  for (const [index, number] of order.entries()) indexOf[number] = index;
  for (let pixel = 0; pixel < indexes.length; pixel += 1) indexes[pixel] = indexOf[indexes[pixel] as number] as number;
  return { indexes, colours: order.map((number) => colours[number] as Colour) };
}

/** Packs indexes into rows, each with leading filter type 0; below 8 bits, several pixels share a byte. */
function packRows(indexes: Uint8Array, width: number, height: number, depth: number): Buffer {
  const rowBytes = 1 + Math.ceil((width * depth) / 8);
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    if (depth === 8) rows.set(indexes.subarray(y * width, (y + 1) * width), y * rowBytes + 1);
    for (let x = 0; depth < 8 && x < width; x += 1) {
      const bit = x * depth;
      const at = y * rowBytes + 1 + (bit >> 3);
      rows[at] = (rows[at] as number) | ((indexes[y * width + x] as number) << (8 - depth - (bit & 7)));
    }
  }
  return rows;
}
