import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { createTurns } from '../turns.ts';
import { type JpegScan, readHeaders } from './headers.ts';
import { bitsOf, coefficientsOf, endOfBlock, entryOf, firstEntryOf, type HuffmanTable } from './huffman.ts';

/** Bits read per turn of the event loop, which takes less than a millisecond. */
const bitsPerTurn = 65_536 * 8;

/** Most zeros after 0xff that are removed, four times those of a photograph of 32 MB; more would block the worker. */
const maxStuffedZeros = 500_000;

/**
 * Zero bytes after the data: one block, of up to 64 codes of 31 bits, may be read past the end before that is noticed.
 */
const padding = 256;

const blockSize = 8;
const lastCoefficient = 63;
const failed = -1;

const endOfImage = 0xd9;
const firstRestart = 0xd0;

interface Block {
  dc: HuffmanTable;
  ac: HuffmanTable;
}

/**
 * Walks the entropy-coded data of a JPEG without decoding it, in a quarter of the time that decoding takes.
 * @returns true if libjpeg would find no damage; false for any flaw and for anything but a sequential JPEG with one
 * scan, which are left to libjpeg
 */
export async function isFlawless(file: Buffer): Promise<boolean> {
  const scan = readHeaders(file);
  if (scan === undefined) return false;
  const { restartInterval } = scan;
  const blocks = blocksOf(scan);
  let at = scan.dataAt;
  let remaining = mcuCount(scan);
  const pause = createTurns();
  for (let restart = 0; remaining > 0; restart = (restart + 1) % 8) {
    const data = removeStuffing(file, at);
    const count = restartInterval === 0 ? remaining : Math.min(restartInterval, remaining);
    if (data === undefined || !(await holdsMcus(data.bytes, count, blocks))) return false;
    remaining -= count;
    if (file[data.end + 1] !== (remaining === 0 ? endOfImage : firstRestart + restart)) return false;
    at = data.end + 2;
    await pause();
  }
  return true;
}

/** The blocks of one MCU. */
function blocksOf({ components }: JpegScan): Block[] {
  if (components.length === 1) return components;
  return components.flatMap((component) => Array<Block>(component.horizontal * component.vertical).fill(component));
}

/** The MCU of a single component is one block, whatever its sampling factors (T.81, A.2.2). */
function mcuCount({ width, height, components }: JpegScan): number {
  const isSingle = components.length === 1;
  const across = isSingle ? 1 : Math.max(...components.map(({ horizontal }) => horizontal));
  const down = isSingle ? 1 : Math.max(...components.map(({ vertical }) => vertical));
  return Math.ceil(width / (blockSize * across)) * Math.ceil(height / (blockSize * down));
}

/**
 * Copies the bytes up to the next marker, without the zeros after 0xff (T.81, B.1.1.5), and adds padding.
 * @returns undefined if there is no marker, or too much to copy
 */
function removeStuffing(file: Buffer, from: number): { bytes: Buffer; end: number } | undefined {
  const zeros: number[] = [];
  let end = file.indexOf(0xff, from);
  while (end !== -1 && file[end + 1] === 0) {
    if (zeros.length === maxStuffedZeros) return undefined;
    zeros.push(end + 1);
    end = file.indexOf(0xff, end + 2);
  }
  if (end === -1) return undefined;
  const bytes = Buffer.allocUnsafe(end - from - zeros.length + padding);
  let length = 0;
  let start = from;
  for (const zero of zeros) {
    length += file.copy(bytes, length, start, zero);
    start = zero + 1;
  }
  length += file.copy(bytes, length, start, end);
  bytes.fill(0, length);
  return { bytes, end };
}

/** Whether the bytes hold exactly `count` MCUs, followed by less than a byte. */
async function holdsMcus(bytes: Buffer, count: number, blocks: readonly Block[]): Promise<boolean> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = (bytes.length - padding) * 8;
  let position = 0;
  let pauseAt = bitsPerTurn;
  for (let mcu = 0; mcu < count; mcu += 1) {
    for (const block of blocks) {
      position = skipBlock(view, position, block);
      if (position === failed || position > end) return false;
    }
    if (position < pauseAt) continue;
    pauseAt = position + bitsPerTurn;
    await nextLoopTurn();
  }
  return end - position < 8;
}

/** @returns the bit position after the block, or `failed` */
function skipBlock(view: DataView, from: number, { dc, ac }: Block): number {
  const first = wordAt(view, from);
  let entry = entryOf(first, dc);
  if (coefficientsOf(entry) !== endOfBlock) entry = firstEntryOf(first, dc);
  if (coefficientsOf(entry) !== endOfBlock) return failed;
  let position = from + bitsOf(entry);
  let coefficient = 0;
  while (coefficient < lastCoefficient) {
    const word = wordAt(view, position);
    entry = entryOf(word, ac);
    let next = coefficient + coefficientsOf(entry);
    if (next > lastCoefficient) {
      if (next >= endOfBlock && next < endOfBlock + lastCoefficient) return position + bitsOf(entry);
      // A long code, or several codes of which the last are past the end of the block: look up the first alone.
      entry = firstEntryOf(word, ac);
      next = coefficient + coefficientsOf(entry);
      if (next > lastCoefficient && next < endOfBlock) return failed;
    }
    position += bitsOf(entry);
    coefficient = next;
  }
  return position;
}

/** The next 25 bits or more, left-aligned. */
const wordAt = (view: DataView, position: number) => view.getInt32(position >>> 3) << (position & 7);
