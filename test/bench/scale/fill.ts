import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { header, lineOf, timeOf } from '../../../src/worker/store/index-lines.ts';
import { pathOf } from '../../../src/worker/store/layout.ts';

const startOfImageBytes = 2;

/** Lines of the index that are written at once. */
const linesAtOnce = 10_000;

/** The JPEG with a comment (COM segment) that makes it another image. */
export function numbered(jpeg: Buffer, number: number): Buffer {
  const segment = Buffer.alloc(12);
  segment.writeUInt32BE(0xff_fe_00_0a);
  segment.write(String(number).padStart(8, '0'), 4);
  return Buffer.concat([jpeg.subarray(0, startOfImageBytes), segment, jpeg.subarray(startOfImageBytes)]);
}

export const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export const indexOf = (dataDir: string) => join(dataDir, 'images', '.imgwire-uploads');

/** Writes so many images, and their index, into an empty data folder as the fs store has them, but unsynced. */
export function fillStore(dataDir: string, jpeg: Buffer, count: number): void {
  const root = join(dataDir, 'images');
  mkdirSync(root, { recursive: true });
  writeFileSync(indexOf(dataDir), header);
  let lines: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const bytes = numbered(jpeg, number);
    const imageId = idOf(bytes);
    const file = create(pathOf(root, imageId));
    writeSync(file, bytes);
    lines.push(lineOf({ imageId, storedAt: timeOf({ createdAt: fstatSync(file).mtime }) }));
    closeSync(file);
    if (lines.length < linesAtOnce && number < count - 1) continue;
    appendFileSync(indexOf(dataDir), lines.join(''));
    lines = [];
  }
}

function create(path: string): number {
  try {
    return openSync(path, 'w');
  } catch {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w');
  }
}

/**
 * Writes so many results of 2 kB into the disk cache of a data folder, with names as they have.
 * @param imageId of all of them; random ones by default
 */
export function fillCache(dataDir: string, count: number, imageId?: string): void {
  const folder = join(dataDir, 'cache');
  const result = randomBytes(2000);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.imgwire'), '');
  const order: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = imageId ?? randomBytes(32).toString('hex');
    const digest = randomBytes(16).toString('hex');
    const file = create(join(folder, id.slice(0, 2), `${id}-${digest}-${result.length}`));
    writeSync(file, result);
    closeSync(file);
    order.push(digest);
  }
  writeFileSync(join(folder, 'order'), order.join('\n'));
}
