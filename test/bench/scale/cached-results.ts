import { setTimeout as delay } from 'node:timers/promises';
import { photo } from '../../helpers/photo.ts';
import { type Bench, fetchOk, latenciesDuring, memoryOf, reportValue } from '../measure.ts';
import { start } from '../start.ts';
import { reportTimes, temporaryFolder, timed } from './figures.ts';
import { fillCache, idOf } from './fill.ts';

const startMs = 1000;
const resultsOfImage = 100_000;
const cacheBytes = String(2 ** 40);
const settledMs = 15_000;

/** Startup, memory and deletion with a growing number of results on disk. */
export async function cachedResults(bench: Bench, counts: readonly number[]): Promise<void> {
  const empty = await temporaryFolder(bench);
  const rest = await startWith(empty);
  const { now: atRest } = await memoryOf(rest.pid);
  await rest.stop();
  for (const count of counts) {
    const dataDir = await temporaryFolder(bench);
    fillCache(dataDir, count);
    const ours: number[] = [];
    const reference: number[] = [];
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const [folder, milliseconds] of [
        [dataDir, ours],
        [empty, reference],
      ] as const) {
        const started = performance.now();
        const service = await startWith(folder);
        milliseconds.push(performance.now() - started);
        await service.stop();
      }
    }
    reportTimes(bench, `start until ready, ${count} results on disk`, ours, reference, startMs);
    const service = await startWith(dataDir);
    const health = await latenciesDuring(`${service.http}/health`, delay(settledMs));
    reportTimes(bench, `/health for 15 s from the start, ${count} results on disk`, health);
    const { now } = await memoryOf(service.pid);
    reportValue(bench, `gateway with ${count} results on disk`, `${(now - atRest).toFixed(0)} MB more`);
    await service.stop();
  }
  await deletion(bench);

  function startWith(dataDir: string) {
    return start(bench, { IMGWIRE_DATA_DIR: dataDir, IMGWIRE_CACHE_DISK_BYTES: cacheBytes });
  }
}

async function deletion(bench: Bench): Promise<void> {
  const dataDir = await temporaryFolder(bench);
  const image = await photo(160, 120);
  fillCache(dataDir, resultsOfImage, idOf(image));
  const service = await start(bench, { IMGWIRE_DATA_DIR: dataDir, IMGWIRE_CACHE_DISK_BYTES: cacheBytes });
  const url = `${service.http}/images`;
  await fetchOk(url, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: image });
  await delay(settledMs / 3);
  let milliseconds = 0;
  const deleting = timed(() => fetchOk(`${url}/${idOf(image)}`, { method: 'DELETE' })).then((took) => {
    milliseconds = took;
  });
  const health = await latenciesDuring(`${service.http}/health`, deleting);
  reportValue(bench, `delete of an image with ${resultsOfImage} results on disk`, `${milliseconds.toFixed(0)} ms`);
  reportTimes(bench, '/health meanwhile', health);
  reportValue(bench, 'its maximum', `${Math.max(...health).toFixed(0)} ms`);
  await service.stop();
}
