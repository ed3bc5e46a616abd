import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { type DiskCache, openDiskCache } from '../../src/gateway/results/disk.ts';
import type { Caller } from '../../src/gateway/results/flights.ts';
import { createMemoryCache } from '../../src/gateway/results/memory.ts';
import type { Result } from '../../src/gateway/results/result.ts';
import { createResults } from '../../src/gateway/results/results.ts';

const log = pino({ level: 'silent' });
const imageId = 'a'.repeat(64);
const key = (name: string, id = imageId) => ({ imageId: id, text: `${id}?${name}` });

function result(bytes: number): Result {
  return { fields: { format: 'jpeg', media_type: 'image/jpeg', size: bytes }, image: Buffer.alloc(bytes, bytes % 251) };
}

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-cache-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes, and waits until it is on the disk. */
async function put(cache: DiskCache, name: string, bytes: number): Promise<void> {
  cache.write(key(name), result(bytes));
  await cache.close();
}

test('memory keeps what was asked for last, by bytes', () => {
  const cache = createMemoryCache(1_000_000);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) cache.set(key(name), result(110_000));
  assert.ok(cache.get(key('a')));
  cache.set(key('i'), result(120_000));
  cache.set(key('j'), result(120_000));
  assert.ok(cache.get(key('a')) && cache.get(key('j')));
  assert.equal(cache.get(key('b')), undefined);
  cache.set(key('large'), result(200_000));
  assert.equal(cache.get(key('large')), undefined);
  cache.forget(imageId);
  assert.equal(cache.get(key('a')), undefined);
});

test('a disk keeps what was asked for last, by bytes, and removes the files of the rest', async (t) => {
  const folder = await folderOf(t);
  const cache = await openDiskCache({ folder, maxBytes: 100_000, log });
  for (const name of ['a', 'b', 'c']) await put(cache, name, 30_000);
  assert.deepEqual(await cache.read(key('a')), result(30_000));
  await put(cache, 'd', 30_000);
  assert.ok(cache.has(key('a')) && cache.has(key('d')));
  assert.equal(await cache.read(key('b')), undefined);
  assert.equal((await readdir(join(folder, 'aa'))).length, 3);
  await put(cache, 'too large', 200_000);
  assert.equal(cache.has(key('too large')), false);
});

test('a disk knows its files again, and those of a cache that is switched off are removed', async (t) => {
  const folder = await folderOf(t);
  await put(await openDiskCache({ folder, maxBytes: 100_000, log }), 'a', 2_000_000 / 100);
  const again = await openDiskCache({ folder, maxBytes: 100_000, log });
  assert.deepEqual(await again.read(key('a')), result(20_000));
  await openDiskCache({ folder, maxBytes: 0, log });
  const empty = await openDiskCache({ folder, maxBytes: 100_000, log });
  assert.equal(empty.has(key('a')), false);
});

test('a disk does not count a file that is torn or was changed', async (t) => {
  const folder = await folderOf(t);
  const cache = await openDiskCache({ folder, maxBytes: 10_000_000, log });
  for (const name of ['torn', 'changed', 'whole']) {
    await put(cache, name, 600_000);
    if (name === 'whole') break;
    const files = await readdir(join(folder, 'aa'));
    const path = join(folder, 'aa', files[0] as string);
    const content = await readFile(path);
    if (name === 'torn') await truncate(path, content.length - 1);
    else await writeFile(path, Buffer.concat([content.subarray(0, -1), Buffer.from([1])]));
    assert.equal(await cache.read(key(name)), undefined);
    assert.equal(cache.has(key(name)), false);
    await cache.close();
    assert.deepEqual(await readdir(join(folder, 'aa')), []);
  }
  assert.deepEqual(await cache.read(key('whole')), result(600_000));
});

test('what is being written when its image is forgotten is not kept', async (t) => {
  const folder = await folderOf(t);
  const cache = await openDiskCache({ folder, maxBytes: 100_000_000, log });
  cache.write(key('a'), result(5_000_000));
  cache.write(key('b', 'b'.repeat(64)), result(5_000));
  await cache.forget(imageId);
  await cache.close();
  assert.equal(cache.has(key('a')), false);
  assert.deepEqual(await readdir(join(folder, 'aa')), []);
  assert.equal(cache.has(key('b', 'b'.repeat(64))), true);
});

test('results of other workers than those of now do not count', async (t) => {
  let version = 'v1';
  let asked = 0;
  const reply = { status: 'success', request_id: 'r', message: 'm', format: 'jpeg', media_type: 'image/jpeg', size: 1 };
  const results = createResults({
    presets: {},
    dispatcher: {
      dispatch: async () => {
        asked += 1;
        return [Buffer.from(JSON.stringify(reply)), Buffer.from([asked])];
      },
    },
    memory: createMemoryCache(1_000_000),
    disk: await openDiskCache({ folder: await folderOf(t), maxBytes: 1_000_000, log }),
    version: () => version,
  });
  const caller: Caller = { requestId: 'r', door: 'http', deadline: performance.now() + 10_000 };
  const resize = async () =>
    (await results.resize({ operation: 'resize', image_id: imageId, width: 1 }, caller)).image[0];
  assert.deepEqual([await resize(), await resize()], [1, 1]);
  version = 'v2';
  assert.deepEqual([await resize(), await resize()], [2, 2]);
  version = 'v1';
  assert.equal(await resize(), 1);
});
