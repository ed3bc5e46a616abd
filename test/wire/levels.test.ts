import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(1203, 801);
const imageId = createHash('sha256').update(picture).digest('hex');
const withoutResults = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };

/** Widths that cover every shrink factor of the decoder. */
const widths = [100, 110, 120, 220, 230, 240, 380, 390, 400, 700, 710, 720, 730];
const expected = new Map<number, Buffer>();

before(async (t) => {
  const service = await start(t as unknown as TestContext, { IMGWIRE_CACHE_LEVEL_BYTES: '0' });
  for (const width of widths) expected.set(width, await resized(service, width));
  assert.deepEqual(await levelsOf(service), []);
});

async function start(t: TestContext, env: Record<string, string> = {}, dataDir?: string): Promise<Service> {
  const options = { env: { ...withoutResults, ...env }, ...(dataDir !== undefined && { dataDir }) };
  const service = await startService(t, options);
  await fetch(`${service.http}/images/${imageId}`, { method: 'PUT', body: picture });
  return service;
}

async function resized({ http }: Service, width: number): Promise<Buffer> {
  const response = await fetch(`${http}/images/${imageId}?width=${width}`);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

/** The shrink factors of the image's stored levels. */
async function levelsOf({ dataDir }: Pick<Service, 'dataDir'>, folder = join(dataDir, 'cache', 'levels')) {
  const names = await readdir(join(folder, imageId)).catch(() => []);
  return [...new Set(names.map((name) => name.slice(0, 1)))].sort();
}

/** Repeats a request until the levels are stored: while the folder is scanned for the first time, none is. */
async function untilStored(service: Service, levels: string, request: () => Promise<void>, folder?: string) {
  const end = performance.now() + 60_000;
  while ((await levelsOf(service, folder)).join() !== levels) {
    assert.ok(performance.now() < end, `${await levelsOf(service, folder)} are stored instead of ${levels}`);
    await request();
    await delay(5);
  }
}

async function resizeTwice(service: Service): Promise<void> {
  for (const width of [230, 220]) await resized(service, width);
}

test('makes further sizes from levels, with the same bytes on every worker', async (t) => {
  const service = await start(t);
  assert.deepEqual(await resized(service, 100), expected.get(100));
  assert.deepEqual(await levelsOf(service), []);
  const resizeAll = async () => {
    const made = await Promise.all(widths.map((width) => resized(service, width)));
    for (const [index, width] of widths.entries()) assert.deepEqual(made[index], expected.get(width), `${width}`);
  };
  await untilStored(service, '1,2,4,8', resizeAll);
  await resizeAll();
});

test('levels survive a restart, and are deleted with their image', async (t) => {
  const first = await start(t);
  await untilStored(first, '4', () => resizeTwice(first));
  await first.stop();

  const second = await start(t, {}, first.dataDir);
  const [level = ''] = await readdir(join(first.dataDir, 'cache', 'levels', imageId));
  assert.deepEqual(await resized(second, 240), expected.get(240));
  assert.deepEqual(await readdir(join(first.dataDir, 'cache', 'levels', imageId)), [level]);
  await fetch(`${second.http}/images/${imageId}`, { method: 'DELETE' });
  assert.equal(existsSync(join(first.dataDir, 'cache', 'levels', imageId)), false);
  assert.equal((await fetch(`${second.http}/images/${imageId}?width=220`)).status, 404);
});

test('a damaged level does not affect results', async (t) => {
  const service = await start(t);
  await untilStored(service, '4', () => resizeTwice(service));
  const [name = ''] = await readdir(join(service.dataDir, 'cache', 'levels', imageId));
  await writeFile(join(service.dataDir, 'cache', 'levels', imageId, name), 'not a level');
  for (const width of [240, 220, 230]) assert.deepEqual(await resized(service, width), expected.get(width));
});

test('variants share levels, and have the same bytes as single requests', async (t) => {
  const service = await start(t);
  const client = connectZmq(t, service.zmq);
  const variants = widths.map((width) => ({ width }));
  const makeVariants = async () => {
    const resizeRequest = { operation: 'resize', image_id: imageId, variants, transfer_encoding: 'binary' };
    const { frames } = await client.call(resizeRequest);
    for (const [index, width] of widths.entries()) assert.deepEqual(frames[index + 1], expected.get(width), `${width}`);
  };
  await untilStored(service, '1,2,4,8', makeVariants);
  await makeVariants();
});

test('levels may have their own folder, and an unwritable one fails the start', async (t) => {
  const scratch = await start(t);
  const folder = join(scratch.dataDir, 'in-memory');
  const service = await start(t, { IMGWIRE_CACHE_LEVEL_DIR: folder });
  await untilStored(service, '4', () => resizeTwice(service), folder);
  assert.deepEqual(await levelsOf(service), []);
  await assert.rejects(start(t, { IMGWIRE_CACHE_LEVEL_DIR: '/dev/null/levels' }), /ended before it was ready/);
});
