import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';

test('a worker replaced while the store is lost creates no empty one, and serves the store when it is back', async (t) => {
  const uncached = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };
  const service = await startService(t, { env: { ...uncached, IMGWIRE_WORKERS: '1' } });
  const { http, dataDir } = service;
  const picture = await photo(60, 40);
  const url = `${http}/images/${createHash('sha256').update(picture).digest('hex')}`;
  const headers = { 'content-type': 'image/jpeg' };
  const put = async () => (await fetch(url, { method: 'PUT', body: new Uint8Array(picture), headers })).status;
  const get = async () => (await fetch(url)).status;
  assert.equal(await put(), 201);

  const images = join(dataDir, 'images');
  renameSync(images, join(dataDir, 'away'));
  const [pid] = workerPids(service) as [number];
  signalWorker(pid, 'SIGKILL');
  await service.waitForLog(({ msg, worker }) => msg === 'worker started' && String(worker).endsWith('.1'));
  assert.deepEqual([await get(), await put(), await get()], [503, 503, 503]);
  assert.equal(readdirSync(dataDir).includes('images'), false);
  renameSync(join(dataDir, 'away'), images);
  assert.deepEqual([await get(), await put()], [200, 200]);
});
