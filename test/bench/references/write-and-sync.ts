import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measureRate } from '../measure.ts';
import { uploadBody } from './upload-body.ts';

// Durable writes by a plain program: a temporary file, fsync, rename, fsync of the folder. Argument: the folder.

export interface WriteTask {
  count: number;
  concurrency: number;
}

const [folder = ''] = process.argv.slice(2);
const bytes = Buffer.concat(uploadBody('photograph'));
let runs = 0;

async function store(target: string, name: string): Promise<void> {
  const temporary = join(target, `${name}.part`);
  const file = await open(temporary, 'wx');
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
  await rename(temporary, join(target, name));
  const directory = await open(target, 'r');
  await directory.sync();
  await directory.close();
}

process.on('message', async ({ count, concurrency }: WriteTask) => {
  runs += 1;
  const target = join(folder, String(runs));
  await mkdir(target);
  const perSecond = await measureRate(count, concurrency, (index) => store(target, String(index)));
  await rm(target, { recursive: true });
  process.send?.({ perSecond });
});
process.send?.({});
