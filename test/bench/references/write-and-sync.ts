import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rate } from '../measure.ts';
import { uploaded } from './uploaded.ts';

// What the disk gives to a plain program: a temporary file, fsync, rename, fsync of the folder. Argument: the folder.

export interface Writes {
  count: number;
  atOnce: number;
}

const [folder = ''] = process.argv.slice(2);
const bytes = Buffer.concat(uploaded('photograph'));
let turns = 0;

async function store(place: string, name: string): Promise<void> {
  const unfinished = join(place, `${name}.part`);
  const file = await open(unfinished, 'wx');
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
  await rename(unfinished, join(place, name));
  const names = await open(place, 'r');
  await names.sync();
  await names.close();
}

process.on('message', async ({ count, atOnce }: Writes) => {
  turns += 1;
  const place = join(folder, String(turns));
  await mkdir(place);
  const perSecond = await rate(count, atOnce, (index) => store(place, String(index)));
  await rm(place, { recursive: true });
  process.send?.({ perSecond });
});
process.send?.({});
