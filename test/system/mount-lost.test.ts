import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mountSmallDisk } from '../helpers/disk.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';
import { eventually } from '../store/engines/engine.ts';

const uncached = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };
const [one, other] = [await photo(60, 40), await photo(40, 60)];
const idOf = (image: Buffer) => createHash('sha256').update(image).digest('hex');

/** The status, with the code of an error. */
async function ask({ http }: Service, path: string, init?: RequestInit): Promise<string> {
  const response = await fetch(http + path, init);
  const text = await response.text();
  return response.ok ? String(response.status) : `${response.status} ${JSON.parse(text).code}`;
}

const put = (service: Service, image: Buffer) =>
  ask(service, `/images/${idOf(image)}`, {
    method: 'PUT',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(image),
  });

/** Kills the only worker and waits for its replacement. */
async function replaceWorker(service: Service): Promise<void> {
  const [pid] = workerPids(service) as [number];
  signalWorker(pid, 'SIGKILL');
  await service.waitForLog(({ msg, worker_pid }) => msg === 'worker lost' && worker_pid === pid);
  await eventually('a worker in its place', async () => workerPids(service).length === 1);
}

const unavailable = '503 store_unavailable';
const env = { ...uncached, IMGWIRE_WORKERS: '1' };

test('a lost mount is not taken for an empty store, even by a new worker, and everything works when it is back', async (t) => {
  const disk = mountSmallDisk(t, 'size=4m');
  const dataDir = await temporaryFolder(t, 'mount');
  const mount = () => execFileSync('mount', ['--bind', disk, dataDir]);
  const unmount = () => execFileSync('umount', ['--lazy', dataDir]);
  mount();
  // Fails if the test ended while it was not mounted.
  closeWith(t, () => void spawnSync('umount', ['--lazy', dataDir]));
  const service = await startService(t, { dataDir, env });
  assert.equal(await put(service, one), '201');

  unmount();
  for (let time = 0; time < 2; time += 1) {
    assert.equal(await put(service, other), unavailable);
    for (const path of [`/images/${idOf(one)}`, `/images/${idOf(other)}`, '/images', '/images?order=newest']) {
      assert.equal(await ask(service, path), unavailable, path);
    }
    assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), unavailable);
    await replaceWorker(service);
  }
  assert.equal(readdirSync(dataDir).includes('images'), false);

  mount();
  assert.equal(await ask(service, `/images/${idOf(one)}`), '200');
  assert.equal(await ask(service, `/images/${idOf(other)}`), '404 not_found');
  assert.equal(await put(service, other), '201');
  assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), '204');
});

test('serves stored images while the disk is read-only, even with a new worker', async (t) => {
  const disk = mountSmallDisk(t, 'size=4m');
  const service = await startService(t, { dataDir: join(disk, 'data'), env });
  assert.equal(await put(service, one), '201');
  // The mount is busy while the service writes in the background.
  await eventually('a read-only disk', async () => spawnSync('mount', ['-o', 'remount,ro', disk]).status === 0);
  for (let time = 0; time < 2; time += 1) {
    for (const path of [`/images/${idOf(one)}`, `/images/${idOf(one)}?width=9`, '/images', '/images?order=newest']) {
      assert.equal(await ask(service, path), '200', path);
    }
    assert.equal(await ask(service, `/images/${idOf(other)}`), '404 not_found');
    assert.equal(await put(service, other), unavailable);
    assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), unavailable);
    await replaceWorker(service);
  }
  assert.ok(service.logs.some(({ msg }) => msg === 'store cannot be written'));
  execFileSync('mount', ['-o', 'remount,rw', disk]);
  assert.equal(await put(service, other), '201');
  assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), '204');
});
