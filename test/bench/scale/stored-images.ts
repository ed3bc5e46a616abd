import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeIdCursor, encodeUploadCursor } from '../../../src/worker/store/cursor.ts';
import { lineAt, lineBytes } from '../../../src/worker/store/index-lines.ts';
import { command, nodeFlags } from '../../helpers/command.ts';
import { photo } from '../../helpers/photo.ts';
import { type Bench, fetchOk, reportValue } from '../measure.ts';
import { type Started, start } from '../start.ts';
import { cpuOf, cpuPerOperation, reportTimes, takeTurns, temporaryFolder, timed } from './figures.ts';
import { fillStore, idOf, indexPath, numbered } from './fill.ts';

const fewImages = 1000;
const repeats = 200;
const startMs = 1000;
const listMs = 20;
const checkedEveryMs = 50;

/** A filled store. `imageId` takes a position from 0 to 1. */
interface Filled {
  dataDir: string;
  count: number;
  imageId(part: number): string;
}

/** Startup and each operation with a growing number of images, compared with a store of a thousand. */
export async function storedImages(bench: Bench, counts: readonly number[]): Promise<void> {
  const jpeg = await photo(160, 120);
  const fill = async (count: number): Promise<Filled> => {
    const dataDir = await temporaryFolder(bench);
    fillStore(dataDir, jpeg, count);
    return { dataDir, count, imageId: (part) => idOf(numbered(jpeg, Math.floor(part * (count - 1)))) };
  };
  const few = await fill(fewImages);
  for (const count of counts) {
    const many = await fill(count);
    await starts(bench, many, few);
    await operations(bench, jpeg, many, few);
    verify(bench, many);
  }
}

const settings = ({ dataDir }: Filled) => ({
  IMGWIRE_DATA_DIR: dataDir,
  IMGWIRE_CACHE_MEMORY_BYTES: '0',
  IMGWIRE_CACHE_DISK_BYTES: '0',
});

async function starts(bench: Bench, many: Filled, few: Filled): Promise<void> {
  const startAndRetrieve = (store: Filled) => async () => {
    const service = await start(bench, settings(store));
    await fetchOk(`${service.http}/images/${store.imageId(Math.random())}`);
    return service;
  };
  for (const isLost of [false, true]) {
    const ours: number[] = [];
    const reference: number[] = [];
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const [store, milliseconds] of [
        [many, ours],
        [few, reference],
      ] as const) {
        if (isLost) await rename(indexPath(store.dataDir), `${indexPath(store.dataDir)}.away`);
        let service: Started | undefined;
        milliseconds.push(
          await timed(async () => {
            service = await startAndRetrieve(store)();
          }),
        );
        await service?.stop();
        if (isLost) await rename(`${indexPath(store.dataDir)}.away`, indexPath(store.dataDir));
      }
    }
    const how = isLost ? ' without the index of uploads' : '';
    reportTimes(bench, `start to first image${how}, ${many.count} images`, ours, reference, startMs);
  }
}

/** Starts the service, and waits until a worker has checked the index of uploads. */
async function startChecked(bench: Bench, store: Filled): Promise<Started> {
  const lock = `${indexPath(store.dataDir)}.lock`;
  // Left by a worker that was stopped during the check.
  await rm(lock, { force: true });
  const service = await start(bench, settings(store));
  const before = await cpuOf(service.pid);
  const started = performance.now();
  while (existsSync(lock)) await delay(checkedEveryMs);
  const { workers } = await cpuOf(service.pid);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const cpu = ((workers - before.workers) / 1000).toFixed(1);
  reportValue(bench, `index of ${store.count} uploads checked`, `after ${seconds} s, ${cpu} s of CPU`);
  return service;
}

async function operations(bench: Bench, jpeg: Buffer, many: Filled, few: Filled): Promise<void> {
  const [ours, reference] = [await startChecked(bench, many), await startChecked(bench, few)];
  const inTurn = async (what: string, path: (store: Filled, time: number) => string, limit?: number) => {
    const times = await takeTurns(
      repeats,
      (time) => fetchOk(`${ours.http}/images${path(many, time)}`),
      (time) => fetchOk(`${reference.http}/images${path(few, time)}`),
    );
    reportTimes(bench, `${what}, ${many.count} images`, times.ours, times.reference, limit);
    const cpu = async ({ http, pid }: Started, store: Filled) =>
      cpuPerOperation(pid, repeats, async () => {
        for (let time = 0; time < repeats; time += 1) await fetchOk(`${http}/images${path(store, time)}`);
      });
    reportValue(
      bench,
      `${what}, ${many.count} images`,
      `${await cpu(ours, many)}; ${few.count}: ${await cpu(reference, few)}`,
    );
  };
  for (const part of [0, 0.5, 1]) {
    const page = part === 0 ? 'first' : part === 1 ? 'last' : 'middle';
    await inTurn(`list of 100 by id, ${page} page`, (store) => `?cursor=${cursorById(store, part)}`, listMs);
    const cursors = new Map([
      [many, await cursorByTime(many, part)],
      [few, await cursorByTime(few, part)],
    ]);
    await inTurn(`list of 100 by time, ${page} page`, (store) => `?order=newest&cursor=${cursors.get(store)}`, listMs);
  }
  await inTurn('retrieve', (store) => `/${store.imageId(Math.random())}`);
  await inTurn('info', (store) => `/${store.imageId(Math.random())}/info`);
  await inTurn('resize to 80 pixels', (store) => `/${store.imageId(Math.random())}?width=80`);

  const added = Array.from({ length: repeats }, (_, time) => numbered(jpeg, 90_000_000 + time));
  const upload =
    ({ http }: Started) =>
    (time: number) =>
      fetchOk(`${http}/images`, {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: added[time] as Buffer,
      });
  const remove =
    ({ http }: Started) =>
    (time: number) =>
      fetchOk(`${http}/images/${idOf(added[time] as Buffer)}`, { method: 'DELETE' });
  for (const [what, work] of [
    ['upload of 3 kB', upload],
    ['delete', remove],
  ] as const) {
    const times = await takeTurns(repeats, work(ours), work(reference));
    reportTimes(bench, `${what}, ${many.count} images`, times.ours, times.reference);
  }
  await ours.stop();
  await reference.stop();
}

/** Relies on ids being uniformly distributed. */
function cursorById({ count }: Filled, part: number): string {
  const behind = part === 1 ? 1 - 100 / count : part;
  const first = Math.floor(behind * (2 ** 32 - 1))
    .toString(16)
    .padStart(8, '0');
  return encodeIdCursor(first.padEnd(64, '0'));
}

async function cursorByTime({ dataDir, count }: Filled, part: number): Promise<string> {
  const number = Math.max(101, Math.floor((1 - part) * count));
  const file = await open(indexPath(dataDir));
  try {
    const { start: offset, upload } = await lineAt(file, number * lineBytes);
    if (upload === undefined) throw new Error(`Expected a line at ${offset}`);
    return encodeUploadCursor({ ...upload, offset });
  } finally {
    await file.close();
  }
}

function verify(bench: Bench, { dataDir, count }: Filled): void {
  const started = performance.now();
  const env = { ...process.env, IMGWIRE_DATA_DIR: dataDir };
  const { status } = spawnSync(process.execPath, [...nodeFlags, command, 'verify'], { env });
  if (status !== 0) throw new Error(`Expected verify to find no damage but it exited with ${status}`);
  const seconds = (performance.now() - started) / 1000;
  reportValue(bench, `imgwire verify, ${count} images`, `${(count / seconds).toFixed(0)} /s`);
}
