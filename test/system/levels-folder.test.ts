import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { mountSmallDisk, remount } from '../helpers/disk.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';

const picture = await photo(1200, 800);
const imageId = createHash('sha256').update(picture).digest('hex');

async function start(t: TestContext, folder: string): Promise<Service> {
  const env = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0', IMGWIRE_CACHE_LEVEL_DIR: folder };
  const service = await startService(t, { env });
  await fetch(`${service.http}/images/${imageId}`, { method: 'PUT', body: new Uint8Array(picture) });
  return service;
}

/** Resizes to widths below a third of the source, which share one level. */
async function resizeOften({ http }: Service): Promise<void> {
  for (let width = 320; width < 330; width += 1) {
    const response = await fetch(`${http}/images/${imageId}?width=${width}`);
    assert.equal(response.status, 200);
    await response.arrayBuffer();
  }
}

const isLevelFailure = ({ msg }: { msg: string }) => msg === 'decoded level cannot be kept';

test('a disk without space for levels fails no request, leaves no files, and is logged', async (t) => {
  const folder = mountSmallDisk(t, 'size=200k');
  const service = await start(t, folder);
  await resizeOften(service);
  await service.waitForLog(isLevelFailure);
  assert.deepEqual(readdirSync(folder), ['.imgwire']);
});

test('replaces lost workers after the folder of levels has become read-only', async (t) => {
  const folder = mountSmallDisk(t, 'size=8m');
  const service = await start(t, folder);
  while (!readdirSync(folder).includes(imageId)) await resizeOften(service);
  remount(folder, 'ro');
  const before = workerPids(service);
  for (const pid of before) signalWorker(pid, 'SIGKILL');
  while (workerPids(service).some((pid) => before.includes(pid)) || workerPids(service).length < before.length) {
    await delay(10);
  }
  await resizeOften(service);
  assert.equal((await fetch(`${service.http}/ready`)).status, 200);
});

test('a service that stops while making a level leaves no unfinished file', async (t) => {
  const folder = mountSmallDisk(t, 'size=200m');
  const service = await start(t, folder);
  const large = await photo(6000, 4000);
  const id = createHash('sha256').update(large).digest('hex');
  await fetch(`${service.http}/images/${id}`, { method: 'PUT', body: new Uint8Array(large) });
  for (let width = 3000; readdirSync(folder).every((name) => !name.includes('.part')); width += 1) {
    await (await fetch(`${service.http}/images/${id}?width=${width}&crop=0,0,10,10`)).arrayBuffer();
  }
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('.part')),
    [],
  );
});
