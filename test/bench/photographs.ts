import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { photo } from '../helpers/photo.ts';
import { cacheFolder } from './cache-folder.ts';

const count = 500;

/** Sizes typical of phones, cameras and editors. */
const megapixels = [1, 2, 3, 5, 8, 12, 12, 16, 20, 24];

/** Aspect ratios. */
const aspectRatios = [3 / 2, 4 / 3, 1, 3 / 4, 2 / 3, 16 / 9];

/** Crops keep at least this fraction of a side. */
const minCropFraction = 0.5;

export interface Photographs {
  folder: string;
  files: string[];
}

/**
 * Crops and scales originals into different photographs of 1 to 24 megapixels, baseline and 4:2:0. Kept between runs.
 * @param from folder of JPEG originals; by default a generated one
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
      const file = join(folder, `${index}.jpg`);
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
    }
  };
  if (missing.length > 0) process.stdout.write(`Making ${missing.length} photographs in ${folder}\n`);
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return { folder, files };
}

async function makeOne(original: string | Buffer, index: number): Promise<Buffer> {
  const { width, height } = await sharp(original).metadata();
  const aspectRatio = aspectRatios[index % aspectRatios.length] as number;
  const pixels = 1e6 * (megapixels[index % megapixels.length] as number);
  // Deterministic, and no two alike.
  const fraction = (number: number) => ((index * number) % 499) / 499;
  const largest = Math.min(width, height * aspectRatio);
  const cropWidth = Math.floor(largest * (minCropFraction + (1 - minCropFraction) * fraction(101)));
  const cropHeight = Math.floor(cropWidth / aspectRatio);
  const left = Math.floor((width - cropWidth) * fraction(211));
  const top = Math.floor((height - cropHeight) * fraction(307));
  return sharp(original)
    .extract({ left, top, width: cropWidth, height: cropHeight })
    .resize(Math.round(Math.sqrt(pixels * aspectRatio)), Math.round(Math.sqrt(pixels / aspectRatio)), { fit: 'fill' })
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
