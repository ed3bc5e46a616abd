import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { photo } from '../helpers/photo.ts';
import { cacheFolder } from './cache-folder.ts';

const count = 500;

/** What phones, cameras and editors leave, in megapixels. */
const megapixels = [1, 2, 3, 5, 8, 12, 12, 16, 20, 24];

/** Widths over heights. */
const shapes = [3 / 2, 4 / 3, 1, 3 / 4, 2 / 3, 16 / 9];

/** Least part of a side that is kept. */
const leastPart = 0.5;

export interface Photographs {
  folder: string;
  files: string[];
}

/**
 * Different photographs of 1 to 24 megapixels, made once by cropping and scaling, baseline and 4:2:0.
 * @param from folder of JPEG photographs; without one, they are made from a picture that is made here
 */
export async function makePhotographs(from: string | undefined): Promise<Photographs> {
  const originals = from === undefined ? [await photo(3000, 2000)] : await jpegsIn(resolve(from));
  const names = from === undefined ? 'made' : await namesAndTimes(originals as string[]);
  const folder = join(cacheFolder, `photographs-${createHash('sha256').update(names).digest('hex').slice(0, 12)}`);
  await mkdir(folder, { recursive: true });
  const made = new Set(await readdir(folder));
  const files = Array.from({ length: count }, (_, index) => `${index}.jpg`);
  const missing = [...files.keys()].filter((index) => !made.has(`${index}.jpg`));
  const one = async () => {
    for (let index = missing.pop(); index !== undefined; index = missing.pop()) {
      const bytes = await makeOne(originals[index % originals.length] as string | Buffer, index);
      const whole = join(folder, `${index}.jpg`);
      await writeFile(`${whole}.part`, bytes);
      await rename(`${whole}.part`, whole);
    }
  };
  if (missing.length > 0) process.stdout.write(`Making ${missing.length} photographs in ${folder}\n`);
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return { folder, files };
}

async function makeOne(original: string | Buffer, index: number): Promise<Buffer> {
  const { width, height } = await sharp(original).metadata();
  const shape = shapes[index % shapes.length] as number;
  const pixels = 1e6 * (megapixels[index % megapixels.length] as number);
  // The same crops each time, and no two alike.
  const part = (number: number) => ((index * number) % 499) / 499;
  const largest = Math.min(width, height * shape);
  const cropWidth = Math.floor(largest * (leastPart + (1 - leastPart) * part(101)));
  const cropHeight = Math.floor(cropWidth / shape);
  const left = Math.floor((width - cropWidth) * part(211));
  const top = Math.floor((height - cropHeight) * part(307));
  return sharp(original)
    .extract({ left, top, width: cropWidth, height: cropHeight })
    .resize(Math.round(Math.sqrt(pixels * shape)), Math.round(Math.sqrt(pixels / shape)), { fit: 'fill' })
    .jpeg({ quality: 88 })
    .toBuffer();
}

async function jpegsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  if (names.length === 0) throw new Error(`Expected JPEG files in ${folder} but found none`);
  return names.map((name) => join(folder, name));
}

async function namesAndTimes(files: readonly string[]): Promise<string> {
  const each = await Promise.all(files.map(async (file) => `${file} ${(await stat(file)).mtimeMs}`));
  return each.join('\n');
}
