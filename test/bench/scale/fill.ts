import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { header, lineOf, timeOf } from '../../../src/worker/store/index-lines.ts';
import { pathOf } from '../../../src/worker/store/layout.ts';

const soiBytes = 2;

/** Lines of the index per write. */
const linesPerWrite = 10_000;

/** Adds a COM segment with a number to a JPEG, which makes it another image. */
export function numbered(jpeg: Buffer, number: number): Buffer {
  const segment = Buffer.alloc(12);
  segment.writeUInt32BE(0xff_fe_00_0a);
  segment.write(String(number).padStart(8, '0'), 4);
  return Buffer.concat([jpeg.subarray(0, soiBytes), segment, jpeg.subarray(soiBytes)]);
}

export const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export const indexPath = (dataDir: string) => join(dataDir, 'images', '.imgwire-uploads');

/** Fills an empty data folder with images and their index in the layout of the fs store, without fsync. */
export function fillStore(dataDir: string, jpeg: Buffer, count: number): void {
  const root = join(dataDir, 'images');
  mkdirSync(root, { recursive: true });
  writeFileSync(indexPath(dataDir), header);
  let lines: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const bytes = numbered(jpeg, number);
    const imageId = idOf(bytes);
    const file = createFile(pathOf(root, imageId));
    writeSync(file, bytes);
    lines.push(lineOf({ imageId, storedAt: timeOf({ createdAt: fstatSync(file).mtime }) }));
    closeSync(file);
    if (lines.length < linesPerWrite && number < count - 1) continue;
    appendFileSync(indexPath(dataDir), lines.join(''));
    lines = [];
  }
}

function createFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w');
  }
}

/**
 * Fills the disk cache of a data folder with results of 2 kB, named as the cache names them.
 * @param imageId shared by all results; random ids by default
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
    const file = createFile(join(folder, id.slice(0, 2), `${id}-${digest}-${result.length}`));
    writeSync(file, result);
    closeSync(file);
    order.push(digest);
  }
  writeFileSync(join(folder, 'order'), order.join('\n'));
}
