import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { plain, red } from '../helpers/images.ts';

/*
 * Small files that claim to be huge, written by hand as no encoder produces them.
 */

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

export const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A grey PNG with `rows` rows of pixels, whatever its header says, and with more chunks before them. */
export function png(width: number, height: number, rows: number, ...chunks: [type: string, data: Buffer][]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    ...chunks.map(([type, data]) => pngChunk(type, data)),
    pngChunk('IDAT', deflateSync(Buffer.alloc(rows * (width + 1)))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A compressed text chunk of that many zeros, a few thousandths of that size. */
export function compressedText(bytes: number): [type: string, data: Buffer] {
  return ['zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes))])];
}

/** The same in a thousand chunks, with a keyword and, in iTXt, more fields before the compressed text. */
export function compressedTexts(type: 'zTXt' | 'iTXt', keyword: string, bytes: number): [type: string, data: Buffer][] {
  const fields = type === 'zTXt' ? '\0\0' : '\0\x01\0\0\0';
  const data = Buffer.concat([Buffer.from(keyword + fields, 'latin1'), deflateSync(Buffer.alloc(bytes, 'a'))]);
  return Array(1000).fill([type, data]);
}

/** A GIF with frames of a single pixel on a canvas of that size. */
export function gif(width: number, height: number, frames: number): Buffer {
  const header = Buffer.from('GIF89a\0\0\0\0\x80\0\0\xff\0\0\0\0\xff', 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const control = '\x21\xf9\x04\0\x0a\0\0\0';
  const frame = Buffer.from(`${control}\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0`, 'latin1');
  return Buffer.concat([header, ...Array<Buffer>(frames).fill(frame), Buffer.from(';')]);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), size, data, Buffer.alloc(data.length % 2)]);
}

/** An animated WebP with frames of a single pixel on a canvas of that size. */
export async function webp(width: number, height: number, frames: number): Promise<Buffer> {
  const still = await plain(1, 1, red).webp({ lossless: true }).toBuffer();
  const canvas = Buffer.alloc(10);
  canvas[0] = 0x02;
  canvas.writeUIntLE(width - 1, 4, 3);
  canvas.writeUIntLE(height - 1, 7, 3);
  const place = Buffer.alloc(16);
  place[12] = 100;
  const frame = riffChunk('ANMF', Buffer.concat([place, still.subarray(12)]));
  return riffChunk(
    'RIFF',
    Buffer.concat([
      Buffer.from('WEBP'),
      riffChunk('VP8X', canvas),
      riffChunk('ANIM', Buffer.alloc(6)),
      ...Array<Buffer>(frames).fill(frame),
    ]),
  );
}

/** A JPEG that claims that size. */
export async function jpeg(width: number, height: number): Promise<Buffer> {
  const bytes = await plain(16, 16, red).jpeg().toBuffer();
  const frameHeader = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frameHeader + 5);
  bytes.writeUInt16BE(width, frameHeader + 7);
  return bytes;
}

/** A progressive JPEG whose last scan, of a hundred bytes, is repeated. */
export async function jpegOfScans(width: number, height: number, count: number): Promise<Buffer> {
  const bytes = await plain(width, height, red).toColourspace('b-w').jpeg({ progressive: true }).toBuffer();
  const scan = bytes.subarray(bytes.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  return Buffer.concat([bytes.subarray(0, -2), ...Array<Buffer>(count).fill(scan), bytes.subarray(-2)]);
}

/** An AVIF that claims that size. */
export async function avif(width: number, height: number): Promise<Buffer> {
  const bytes = await plain(16, 16, red).avif().toBuffer();
  const size = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, size);
  bytes.writeUInt32BE(height, size + 4);
  return bytes;
}

const shortType = 3;
const longType = 4;

/** A grey TIFF that claims that size but has only one row; `endless` links its directory to itself. */
export function tiff(width: number, height: number, { endless = false } = {}): Buffer {
  const tags: [tag: number, type: number, value: number][] = [
    [256, longType, width],
    [257, longType, height],
    [258, shortType, 8],
    [259, shortType, 1],
    [262, shortType, 1],
    [273, longType, 200],
    [277, shortType, 1],
    [278, longType, height],
    [279, longType, 0xffff_fff0],
  ];
  const file = Buffer.alloc(200 + 64);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, type, value]] of tags.entries()) {
    const at = 10 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  file.writeUInt32LE(endless ? 8 : 0, 10 + tags.length * 12);
  return file;
}

export function svg(body: string, attributes = 'width="100" height="100"', prolog = ''): Buffer {
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return Buffer.from(`${prolog}<svg ${names} ${attributes}>${body}</svg>`);
}

/** Each level multiplies the previous one by ten: ten levels are ten billion rectangles. */
export function nestedUses(levels: number): string {
  const groups = Array.from({ length: levels }, (_, i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`);
  return `<defs><rect id="u0" width="9" height="9"/>${groups.join('')}</defs><use href="#u${levels}"/>`;
}

/** The same with entities. */
export function nestedEntities(levels: number): string {
  const entities = Array.from({ length: levels }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
  return `<!DOCTYPE svg [<!ENTITY e0 "ha">${entities.join('')}]>`;
}

/** An embedded image far larger than its SVG. */
export async function embedded(width: number, height: number): Promise<string> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  return `<image width="100" height="100" href="data:image/png;base64,${bytes.toString('base64')}"/>`;
}
