import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { closeWith, type Owner } from '../helpers/owner.ts';

export interface Source {
  /** For the report, such as `6 MP`. */
  label: string;
  /** File name in the source folder. */
  file: string;
}

export const sourceNames = ['1200px', '6mp', '24mp'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Typical of cameras and editors. */
const quality = 90;

const scales: Record<SourceName, { label: string; scale(width: number, height: number): number }> = {
  '1200px': { label: '1200 px', scale: (width, height) => 1200 / Math.max(width, height) },
  '6mp': { label: '6 MP', scale: (width, height) => Math.sqrt(6e6 / (width * height)) },
  '24mp': { label: '24 MP', scale: (width, height) => Math.sqrt(24e6 / (width * height)) },
};

/** Creates the folder that all contenders read from. */
export async function sourceFolder(owner: Owner): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(owner, () => rm(folder, { recursive: true, force: true }));
  const pixel = { width: 8, height: 8, channels: 3, background: 'white' } as const;
  await sharp({ create: pixel }).jpeg().toFile(join(folder, readyFile));
  return folder;
}

/** A small picture for readiness checks. */
export const readyFile = 'ready.jpg';

/** Scales the photograph to a source size; baseline and 4:2:0, as cameras write. */
export async function makeSource(folder: string, image: string, name: SourceName): Promise<Source> {
  const { label, scale } = scales[name];
  const { width, height } = await sharp(image).metadata();
  const factor = scale(width, height);
  const file = `${name}.jpg`;
  await sharp(image)
    .resize(Math.round(width * factor), Math.round(height * factor), { fit: 'fill' })
    .jpeg({ quality })
    .toFile(join(folder, file));
  return { label, file };
}

/**
 * Writes copies of a source that differ only in a comment segment. They cost the same, and no cache helps, since their
 * bytes and hashes differ.
 * @returns their file names
 */
export async function copiesOf({ file }: Source, folder: string, prefix: string, count: number): Promise<string[]> {
  const bytes = await readFile(join(folder, file));
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}-${file}`);
  for (const name of names) {
    const text = Buffer.from(name);
    const marker = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
    await writeFile(join(folder, name), Buffer.concat([bytes.subarray(0, 2), marker, text, bytes.subarray(2)]));
  }
  return names;
}
