import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { mountSmallDisk } from '../helpers/disk.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';

const uncached = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };
const [one, other] = [await photo(60, 40), await photo(40, 60)];
const idOf = (image: Buffer) => createHash('sha256').update(image).digest('hex');

/** Status, and the code of an error. */
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

test('a lost mount is no empty store, after refused uploads too, and all goes on when it comes back', async (t) => {
  const disk = mountSmallDisk(t, 'size=4m');
  const dataDir = await temporaryFolder(t, 'mount');
  const mount = () => execFileSync('mount', ['--bind', disk, dataDir]);
  const unmount = () => execFileSync('umount', ['--lazy', dataDir]);
  mount();
  // Fails where the test ended while it was not mounted.
  closeWith(t, () => void spawnSync('umount', ['--lazy', dataDir]));
  const service = await startService(t, { dataDir, env: { ...uncached, IMGWIRE_WORKERS: '1' } });
  assert.equal(await put(service, one), '201');

  unmount();
  const unavailable = '503 store_unavailable';
  for (let time = 0; time < 2; time += 1) {
    assert.equal(await put(service, other), unavailable);
    for (const path of [`/images/${idOf(one)}`, `/images/${idOf(other)}`, '/images', '/images?order=newest']) {
      assert.equal(await ask(service, path), unavailable, path);
    }
    assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), unavailable);
  }
  assert.equal(readdirSync(dataDir).includes('images'), false);

  mount();
  assert.equal(await ask(service, `/images/${idOf(one)}`), '200');
  assert.equal(await ask(service, `/images/${idOf(other)}`), '404 not_found');
  assert.equal(await put(service, other), '201');
  assert.equal(await ask(service, `/images/${idOf(one)}`, { method: 'DELETE' }), '204');
});
