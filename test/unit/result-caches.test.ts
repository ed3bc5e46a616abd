import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { resultText } from '../../src/contract/result-key.ts';
import { type DiskCache, type DiskCacheOptions, openDiskCache } from '../../src/gateway/cache/disk.ts';
import { variantKey } from '../../src/gateway/cache/key.ts';
import { createMemoryCache } from '../../src/gateway/cache/memory.ts';
import type { Result } from '../../src/gateway/cache/result.ts';
import { createImageService } from '../../src/gateway/service/image-service.ts';
import { createOpenRequests } from '../../src/gateway/service/request-context.ts';
import { temporaryFolder } from '../helpers/owner.ts';

const log = pino({ level: 'silent' });
const imageId = 'a'.repeat(64);
const otherId = 'b'.repeat(64);
const key = (canonical: string, id = imageId) => variantKey(resultText(id, canonical, 'v1'));
const watermarked = key(`width=9&watermark=${imageId}`, otherId);

function result(bytes: number): Result {
  return { fields: { format: 'jpeg', media_type: 'image/jpeg', size: bytes }, image: Buffer.alloc(bytes, bytes % 251) };
}

/** Opens a cache and waits until its index has loaded. */
async function openLoaded(options: DiskCacheOptions): Promise<DiskCache> {
  const cache = await openDiskCache(options);
  await cache.loaded;
  return cache;
}

/** Writes a result and waits until it is on disk. */
async function put(cache: DiskCache, name: string, bytes: number): Promise<void> {
  cache.write(key(name), result(bytes));
  await cache.close();
}

const filesOf = (folder: string, branch = 'aa') => readdir(join(folder, branch)).catch(() => []);

test('the memory cache keeps the most recently used results, by bytes', () => {
  const cache = createMemoryCache(1_000_000);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) cache.set(key(name), result(110_000));
  assert.ok(cache.get(key('a')));
  cache.set(key('i'), result(120_000));
  cache.set(key('j'), result(120_000));
  assert.ok(cache.get(key('a')) && cache.get(key('j')));
  assert.equal(cache.get(key('b')), undefined);
  cache.set(key('large'), result(200_000));
  assert.equal(cache.get(key('large')), undefined);
  cache.invalidate(imageId);
  assert.equal(cache.get(key('a')), undefined);
});

test('the disk cache keeps the most recently used results, by bytes, and deletes the other files', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  const cache = await openLoaded({ folder, maxBytes: 100_000, log });
  for (const name of ['a', 'b', 'c']) await put(cache, name, 30_000);
  assert.deepEqual(await cache.read(key('a')), result(30_000));
  await put(cache, 'd', 30_000);
  assert.ok(cache.has(key('a')) && cache.has(key('d')));
  assert.equal(await cache.read(key('b')), undefined);
  assert.equal((await filesOf(folder)).length, 3);
  await put(cache, 'too large', 200_000);
  assert.equal(cache.has(key('too large')), false);
});

test('the disk cache finds its files after a restart, and deletes them when switched off', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  await put(await openLoaded({ folder, maxBytes: 100_000, log }), 'a', 2_000_000 / 100);
  const again = await openLoaded({ folder, maxBytes: 100_000, log });
  assert.deepEqual(await again.read(key('a')), result(20_000));
  await openLoaded({ folder, maxBytes: 0, log });
  const empty = await openLoaded({ folder, maxBytes: 100_000, log });
  assert.equal(empty.has(key('a')), false);
});

/** Contents of a folder by path; undefined for folders. */
async function contentsOf(folder: string): Promise<Map<string, string | undefined>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const contents = entries.map(async (entry): Promise<[string, string | undefined]> => {
    const path = join(entry.parentPath, entry.name);
    return [path, entry.isFile() ? await readFile(path, 'latin1') : undefined];
  });
  return new Map((await Promise.all(contents)).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const entryLike = `${imageId}-${'0'.repeat(32)}-5`;

test('leaves a foreign folder as it is, and uses a subfolder', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  await mkdir(join(folder, 'aa'));
  for (const name of ['pkgcache.bin', 'order', 'order.tmp', `aa/${entryLike}`]) {
    await writeFile(join(folder, name), name);
  }
  const before = await contentsOf(folder);
  for (const maxBytes of [100_000, 100_000, 10, 0]) {
    const cache = await openLoaded({ folder, maxBytes, log });
    await put(cache, 'a', 20_000);
    assert.equal(cache.has(key('a')), maxBytes === 100_000);
  }
  const after = await contentsOf(folder);
  for (const path of after.keys()) if (path.startsWith(join(folder, 'imgwire'))) after.delete(path);
  assert.deepEqual(after, before);
  assert.deepEqual(await filesOf(join(folder, 'imgwire')), []);
});

test('a cache that is switched off deletes only its own files', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  await put(await openLoaded({ folder, maxBytes: 100_000, log }), 'a', 20_000);
  assert.equal((await filesOf(folder)).length, 1);
  await mkdir(join(folder, 'aa', entryLike));
  await mkdir(join(folder, 'bb'));
  const foreign = ['notes.txt', 'aa/notes.txt', `aa/${entryLike}.bak`, `bb/${entryLike}`, `aa/${entryLike}/file`];
  for (const name of foreign) await writeFile(join(folder, name), 'mine');
  await openLoaded({ folder, maxBytes: 0, log });
  const remaining = [...(await contentsOf(folder))].filter(([, content]) => content === 'mine');
  assert.deepEqual(
    remaining.map(([path]) => path),
    foreign.map((name) => join(folder, name)).sort(),
  );
  assert.deepEqual((await filesOf(folder)).sort(), [entryLike, `${entryLike}.bak`, 'notes.txt'].sort());
});

test('adopts the cache of an earlier version, whose folder has no marker file', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  for (const maxBytes of [100_000, 0]) {
    await put(await openLoaded({ folder, maxBytes: 100_000, log }), 'a', 20_000);
    await rm(join(folder, '.imgwire'));
    const cache = await openLoaded({ folder, maxBytes, log });
    assert.equal(cache.has(key('a')), maxBytes > 0);
    assert.equal((await filesOf(folder)).length, maxBytes > 0 ? 1 : 0);
  }
});

test('invalidating an image drops its results and those with it as watermark, nothing else', async (t) => {
  const memory = createMemoryCache(1_000_000);
  const folder = await temporaryFolder(t, 'cache');
  const disk = await openLoaded({ folder, maxBytes: 1_000_000, log });
  for (const one of [watermarked, key('width=9', otherId), key('width=9')]) {
    memory.set(one, result(1000));
    disk.write(one, result(1000));
  }
  await disk.close();
  const again = await openLoaded({ folder, maxBytes: 1_000_000, log });
  memory.invalidate(imageId);
  await again.invalidate(imageId);
  assert.deepEqual([memory.get(watermarked), await again.read(watermarked)], [undefined, undefined]);
  assert.ok(memory.get(key('width=9', otherId)) && (await again.read(key('width=9', otherId))));
  assert.equal((await readdir(join(folder, 'bb'))).length, 1);
  assert.deepEqual(await filesOf(folder), []);
});

/** Waits until a background write has created its file, complete or not. */
async function writeBegun(folder: string, branch?: string): Promise<void> {
  while ((await filesOf(folder, branch)).length === 0) await nextTurn();
}

for (const isBegun of [false, true]) {
  const when = isBegun ? 'is being written' : 'waits to be written';
  test(`invalidating an image drops a result with it as watermark that ${when}, too`, async (t) => {
    const folder = await temporaryFolder(t, 'cache');
    const disk = await openLoaded({ folder, maxBytes: 100_000_000, log });
    disk.write(watermarked, result(5_000_000));
    if (isBegun) await writeBegun(folder, 'bb');
    await disk.invalidate(imageId);
    assert.equal(disk.has(watermarked), false);
    assert.deepEqual(await filesOf(folder, 'bb'), []);
  });
}

test('a cleared cache is empty, drops writes in progress, and stays usable', async (t) => {
  const memory = createMemoryCache(1_000_000);
  const folder = await temporaryFolder(t, 'cache');
  await writeFile(join(folder, 'deletions'), 'up to where deletions are known');
  const disk = await openLoaded({ folder, maxBytes: 100_000_000, log });
  assert.equal(disk.folder, folder);
  await put(disk, 'a', 1000);
  memory.set(key('a'), result(1000));
  disk.write(key('b'), result(5_000_000));
  memory.clear();
  await disk.clear();
  await disk.loaded;
  assert.deepEqual([memory.stats().entries, disk.stats().entries, await filesOf(folder)], [0, 0, []]);
  memory.set(key('a'), result(1000));
  await put(disk, 'a', 1000);
  assert.ok(memory.get(key('a')) && (await disk.read(key('a'))));
});

test('the LRU order survives a restart', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  const cache = await openLoaded({ folder, maxBytes: 100_000, log });
  for (const name of ['a', 'b', 'c']) await put(cache, name, 30_000);
  await cache.read(key('a'));
  await cache.read(key('b'));
  await cache.close();
  const again = await openLoaded({ folder, maxBytes: 100_000, log });
  await put(again, 'd', 30_000);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((name) => again.has(key(name))),
    [true, true, false, true],
  );
});

test('a lower limit deletes files that are too large, then the least recently used', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  const cache = await openLoaded({ folder, maxBytes: 1_000_000, log });
  for (const name of ['a', 'b', 'c']) await put(cache, name, 30_000);
  await put(cache, 'large', 90_000);
  await cache.read(key('a'));
  await cache.close();
  const again = await openLoaded({ folder, maxBytes: 70_000, log });
  assert.deepEqual(
    ['a', 'b', 'c', 'large'].map((name) => again.has(key(name))),
    [true, false, true, false],
  );
  assert.equal((await filesOf(folder)).length, 2);
});

test('ignores an unreadable order file, and counts files missing from it as newest', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  const cache = await openLoaded({ folder, maxBytes: 100_000, log });
  for (const name of ['a', 'b']) await put(cache, name, 30_000);
  await writeFile(join(folder, 'order'), Buffer.from([0, 255, 10, 0]));
  assert.ok((await openLoaded({ folder, maxBytes: 100_000, log })).has(key('a')));
  await writeFile(join(folder, 'order'), key('b').digest);
  const lower = await openLoaded({ folder, maxBytes: 40_000, log });
  assert.deepEqual([lower.has(key('a')), lower.has(key('b'))], [true, false]);
});

test('rejects and deletes a torn or changed file', async (t) => {
  const folder = await temporaryFolder(t, 'cache');
  const cache = await openLoaded({ folder, maxBytes: 10_000_000, log });
  for (const name of ['torn', 'changed', 'whole']) {
    await put(cache, name, 600_000);
    if (name === 'whole') break;
    const files = await filesOf(folder);
    const path = join(folder, 'aa', files[0] as string);
    const content = await readFile(path);
    if (name === 'torn') await truncate(path, content.length - 1);
    else await writeFile(path, Buffer.concat([content.subarray(0, -1), Buffer.from([1])]));
    assert.equal(await cache.read(key(name)), undefined);
    assert.equal(cache.has(key(name)), false);
    await cache.close();
    assert.deepEqual(await filesOf(folder), []);
  }
  assert.deepEqual(await cache.read(key('whole')), result(600_000));
});

for (const isBegun of [false, true]) {
  test(`drops a result that ${isBegun ? 'is being' : 'waits to be'} written when its image is invalidated`, async (t) => {
    const folder = await temporaryFolder(t, 'cache');
    const cache = await openLoaded({ folder, maxBytes: 100_000_000, log });
    cache.write(key('a'), result(5_000_000));
    cache.write(key('b', otherId), result(5_000));
    if (isBegun) await writeBegun(folder);
    await cache.invalidate(imageId);
    await cache.close();
    assert.equal(cache.has(key('a')), false);
    assert.deepEqual(await filesOf(folder), []);
    assert.equal(cache.has(key('b', otherId)), true);
  });
}

test('does not serve results of workers of another version', async (t) => {
  let version = 'v1';
  let dispatches = 0;
  const reply = { status: 'success', request_id: 'r', message: 'm', format: 'jpeg', media_type: 'image/jpeg', size: 1 };
  const service = createImageService({
    presets: {},
    dispatcher: {
      dispatch: async () => {
        dispatches += 1;
        return [Buffer.from(JSON.stringify(reply)), Buffer.from([dispatches])];
      },
    },
    memory: createMemoryCache(1_000_000),
    disk: await openLoaded({ folder: await temporaryFolder(t, 'cache'), maxBytes: 1_000_000, log }),
    version: () => version,
  });
  const requests = createOpenRequests(10_000);
  const resize = async () => {
    const context = requests.open({ requestId: 'r', door: 'http', client: {} });
    const { images } = await service.perform({ operation: 'resize', image_id: imageId, width: 1 }, context);
    context.close();
    return images[0]?.[0];
  };
  assert.deepEqual([await resize(), await resize()], [1, 1]);
  version = 'v2';
  assert.deepEqual([await resize(), await resize()], [2, 2]);
  version = 'v1';
  assert.equal(await resize(), 1);
});
