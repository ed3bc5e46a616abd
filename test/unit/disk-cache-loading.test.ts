import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { resultText } from '../../src/contract/result-key.ts';
import { type DiskCache, openDiskCache } from '../../src/gateway/cache/disk.ts';
import { type ResultKey, variantKey } from '../../src/gateway/cache/key.ts';
import type { Result } from '../../src/gateway/cache/result.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const log = pino({ level: 'silent' });
const maxBytes = 1_000_000_000;
const branches = Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0'));
const imageIds = branches.map((branch) => branch.padEnd(64, '5'));
const [firstId, lastId] = [imageIds[0] as string, imageIds[255] as string];
const key = (imageId: string, canonical = 'width=9') => variantKey(resultText(imageId, canonical, 'v1'));
const watermarked = key(lastId, `width=9&watermark=${firstId}`);

function result(bytes: number): Result {
  return { fields: { format: 'jpeg', media_type: 'image/jpeg', size: bytes }, image: Buffer.alloc(bytes, bytes % 251) };
}

async function write(cache: DiskCache, ...keys: ResultKey[]): Promise<void> {
  for (const one of keys) cache.write(one, result(100));
  await cache.close();
}

/** A folder with a result in each branch, one with a watermark, and enough files to keep a scan busy. */
async function filledFolder(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t, 'loading');
  const cache = await openDiskCache({ folder, maxBytes, log });
  await cache.loaded;
  await write(cache, watermarked, ...imageIds.map((id) => key(id)));
  for (const branch of branches) {
    await mkdir(join(folder, branch), { recursive: true });
    await Promise.all(
      Array.from({ length: 20 }, (_, number) => {
        const digest = `${branch}${number}`.padEnd(32, '0');
        return writeFile(join(folder, branch, `${branch.padEnd(64, '7')}-${digest}-0`), '');
      }),
    );
  }
  return folder;
}

async function open(t: TestContext, folder: string, bytes = maxBytes): Promise<DiskCache> {
  const cache = await openDiskCache({ folder, maxBytes: bytes, log });
  closeWith(t, () => cache.close());
  return cache;
}

const filesOf = async (folder: string) => (await readdir(folder, { recursive: true })).filter((name) => /-/.test(name));

test('finds a result of an earlier run before the index has loaded', async (t) => {
  const folder = await filledFolder(t);
  const cache = await open(t, folder);
  assert.deepEqual(await cache.read(watermarked), result(100));
  assert.ok(!cache.has(key(imageIds[254] as string)));
  await cache.loaded;
  assert.ok(imageIds.every((id) => cache.has(key(id))));
});

test('invalidating an image while the index loads drops its results, and those it is the watermark of', async (t) => {
  const folder = await filledFolder(t);
  const cache = await open(t, folder);
  await cache.invalidate(firstId);
  for (const gone of [key(firstId), watermarked]) assert.equal(await cache.read(gone), undefined);
  await cache.loaded;
  assert.deepEqual([cache.has(key(firstId)), cache.has(watermarked), cache.has(key(lastId))], [false, false, true]);
  assert.ok((await filesOf(folder)).every((name) => !name.includes(firstId)));
});

test('results invalidated while the index loads do not come back after a restart', async (t) => {
  const folder = await filledFolder(t);
  const cache = await open(t, folder);
  await Promise.all([cache.invalidate(firstId), cache.invalidate(imageIds[7] as string)]);
  await cache.close();
  assert.ok(
    (await filesOf(folder)).some((name) => name.endsWith(firstId)),
    'nothing was left to come back',
  );
  const again = await open(t, folder);
  await again.loaded;
  for (const gone of [key(firstId), watermarked, key(imageIds[7] as string)]) assert.ok(!again.has(gone));
  assert.ok(again.has(key(lastId)));
  await write(again, key(firstId), watermarked);
  const third = await open(t, folder);
  await third.loaded;
  assert.deepEqual([third.has(key(firstId)), third.has(watermarked)], [true, true]);
});

test('a cleared cache is empty at once and keeps only what is written later', async (t) => {
  const folder = await filledFolder(t);
  const cache = await open(t, folder);
  await cache.loaded;
  await cache.clear();
  for (const gone of [key(firstId), watermarked, key(lastId)]) assert.equal(await cache.read(gone), undefined);
  cache.write(key(lastId), result(100));
  await cache.loaded;
  assert.deepEqual(await cache.read(key(lastId)), result(100));
  assert.equal((await filesOf(folder)).length, 1);
  assert.equal(cache.stats().entries, 1);
});

for (const [what, empty] of [
  ['cleared', (cache: DiskCache) => cache.clear()],
  ['switched off', async () => {}],
] as const) {
  test(`a cache that is ${what} but closed before its files are deleted is empty after a restart`, async (t) => {
    const folder = await filledFolder(t);
    const cache = await open(t, folder, what === 'cleared' ? maxBytes : 0);
    await empty(cache);
    await cache.close();
    assert.ok((await filesOf(folder)).length > 0, 'nothing was left to come back');
    const again = await open(t, folder);
    assert.equal(await again.read(key(lastId)), undefined);
    await again.loaded;
    assert.deepEqual([again.stats().entries, await filesOf(folder)], [0, []]);
  });
}

test('results written while the index loads are kept, once each', async (t) => {
  const folder = await filledFolder(t);
  const before = (await filesOf(folder)).length;
  const cache = await open(t, folder);
  cache.write(watermarked, result(100));
  cache.write(key(lastId, 'width=10'), result(100));
  await cache.loaded;
  await write(cache);
  assert.equal((await filesOf(folder)).length, before + 1);
  assert.equal(cache.stats().entries, before + 1);
  assert.deepEqual(await cache.read(watermarked), result(100));
  assert.deepEqual(await cache.read(key(lastId, 'width=10')), result(100));
});

test('thousands of results of a deleted image never come back, though a deletion does not wait for their files', async (t) => {
  const folder = await filledFolder(t);
  const names = Array.from({ length: 5000 }, (_, number) => `${firstId}-8${String(number + 1).padStart(31, '0')}-0`);
  for (const name of names) await writeFile(join(folder, '00', name), '');
  const cache = await open(t, folder);
  await cache.loaded;
  const { entries } = cache.stats();
  await cache.invalidate(firstId);
  assert.equal(cache.stats().entries, entries - names.length - 2);
  await cache.close();
  assert.ok(
    (await filesOf(folder)).some((name) => name.includes(firstId)),
    'nothing was left to come back',
  );
  const again = await open(t, folder);
  await again.loaded;
  assert.equal(again.stats().entries, entries - names.length - 2);
  assert.ok((await filesOf(folder)).every((name) => !name.includes(firstId)));
});

test('counts small files as whole blocks', async (t) => {
  const folder = await temporaryFolder(t, 'loading');
  const cache = await open(t, folder, 10 * 4096);
  await cache.loaded;
  const keys = imageIds.slice(0, 11).map((id) => key(id));
  for (const one of keys) await write(cache, one);
  assert.deepEqual(cache.stats(), { entries: 10, bytes: 10 * 4096 });
  assert.ok(!cache.has(keys[0] as ResultKey));
});
