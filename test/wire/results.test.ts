import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { Dealer } from 'zeromq';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { transformations } from '../helpers/transformations.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(600, 400);
const imageId = createHash('sha256').update(picture).digest('hex');
const path = `/images/${imageId}`;
const oneWorker = { IMGWIRE_WORKERS: '1', IMGWIRE_LOG_LEVEL: 'debug' };

async function upload(service: Service): Promise<void> {
  const response = await fetch(`${service.http}/images`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  });
  assert.ok(response.ok);
}

async function get(service: Service, url: string, headers: Record<string, string> = {}) {
  const response = await fetch(service.http + url, { headers });
  return {
    status: response.status,
    etag: String(response.headers.get('etag')),
    image: Buffer.from(await response.arrayBuffer()),
  };
}

async function cachedFiles({ dataDir }: Service): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'cache'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => /^[0-9a-f]{64}-/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

test('makes a result once for both doors and every transfer encoding', async (t) => {
  const service = await startService(t, { env: oneWorker });
  const client = connectZmq(t, service.zmq);
  await upload(service);
  const first = await get(service, `${path}?width=100&format=webp`);
  const again = await get(service, `${path}?f=webp&w=100&fit=cover`);
  const resizeRequest = { operation: 'resize', image_id: imageId, width: 100, format: 'webp', request_id: 'mine' };
  const binary = await client.call({ ...resizeRequest, transfer_encoding: 'binary' });
  const base64 = await client.call(resizeRequest);
  assert.deepEqual(again, first);
  assert.deepEqual(binary.image, first.image);
  assert.deepEqual(Buffer.from(String(base64.json.image_data), 'base64'), first.image);
  const { image_data: _, ...rest } = base64.json;
  assert.deepEqual(rest, binary.json);
  assert.deepEqual(rest, {
    status: 'success',
    request_id: 'mine',
    message: 'Image resized successfully',
    format: 'webp',
    media_type: 'image/webp',
    width: 100,
    height: 67,
    size: first.image.length,
  });
  assert.equal((await transformations(service)).length, 1);
});

test('a large result in base64 is complete, whoever encodes it', async (t) => {
  const service = await startService(t, { env: oneWorker });
  const client = connectZmq(t, service.zmq);
  await upload(service);
  const resizeRequest = { operation: 'resize', image_id: imageId, format: 'tiff', quality: 100 };
  const { image } = await client.call({ ...resizeRequest, transfer_encoding: 'binary' });
  assert.ok(Number(image?.length) > 100_000);
  const { json } = await client.call(resizeRequest);
  assert.deepEqual(Buffer.from(String(json.image_data), 'base64'), image);
});

test('results on disk survive a restart, but torn and foreign files do not', async (t) => {
  const dataDir = await temporaryFolder(t, 'results');
  const widths = [50, 60, 70, 80];
  const start = () => startService(t, { env: oneWorker, dataDir });
  const all = (service: Service) => Promise.all(widths.map((width) => get(service, `${path}?width=${width}`)));

  const first = await start();
  await upload(first);
  const made = await all(first);
  await first.stop();

  const second = await start();
  assert.deepEqual(await all(second), made);
  assert.equal((await transformations(second)).length, 0);
  await second.stop();

  const [torn, changed, foreign] = (await cachedFiles(second)) as [string, string, string];
  await truncate(torn, 1000);
  const file = await open(changed, 'r+');
  await file.write(Buffer.from('other'), 0, 5, 600);
  await file.close();
  await truncate(foreign, 0);
  const third = await start();
  assert.deepEqual(await all(third), made);
  assert.equal((await transformations(third)).length, 3);
});

test('deletes all results with their image', async (t) => {
  const service = await startService(t, { env: oneWorker });
  const client = connectZmq(t, service.zmq);
  await upload(service);
  const { etag } = await get(service, `${path}?width=30`);
  const original = await get(service, path);
  assert.deepEqual(original.image, picture);
  assert.equal((await fetch(service.http + path, { method: 'DELETE' })).status, 204);
  for (const url of [path, `${path}?width=30`]) {
    assert.equal((await get(service, url)).status, 404);
    assert.equal((await get(service, url, { 'if-none-match': `${etag}, ${original.etag}` })).status, 404);
  }
  for (const operation of ['resize', 'retrieve']) {
    const { json } = await client.call({ operation, image_id: imageId, ...(operation === 'resize' && { width: 30 }) });
    assert.equal(json.code, 'not_found');
  }
  assert.deepEqual(await cachedFiles(service), []);
});

test('rejects a deletion in overlong JSON, and deletes nothing', async (t) => {
  const service = await startService(t, { env: oneWorker });
  const client = connectZmq(t, service.zmq);
  await upload(service);
  const { json } = await client.call(
    `${JSON.stringify({ operation: 'delete', image_id: imageId })}${' '.repeat(100_000)}`,
  );
  assert.equal(json.code, 'invalid_request');
  assert.equal((await get(service, `${path}?width=30`)).status, 200);
});

test('does not cache a result in progress when its image is deleted', async (t) => {
  const service = await startService(t, { env: oneWorker });
  await upload(service);
  // Takes a second, so that the deletion ends first, in a bucket too.
  const url = `${path}?width=2000&median=25`;
  const slow = get(service, url, { 'x-request-id': 'slow' });
  await service.waitForLog(({ msg, request_id }) => msg === 'started' && request_id === 'slow');
  assert.equal((await fetch(service.http + path, { method: 'DELETE' })).status, 204);
  assert.equal((await slow).status, 404);
  await service.waitForLog(
    ({ msg, part, request_id }) => part === 'worker' && msg === 'answered' && request_id === 'slow',
  );
  assert.equal((await get(service, url)).status, 404);
  assert.deepEqual(await cachedFiles(service), []);
});

test('answers 304 for a cached result without a worker, even after a restart', async (t) => {
  const dataDir = await temporaryFolder(t, 'results');
  const first = await startService(t, { env: oneWorker, dataDir });
  await upload(first);
  const { etag } = await get(first, `${path}?width=40`);
  await first.stop();
  const second = await startService(t, { env: oneWorker, dataDir });
  assert.equal(
    (await get(second, `${path}?width=40`, { 'if-none-match': etag, 'x-request-id': 'unasked' })).status,
    304,
  );
  await transformations(second);
  assert.ok(!second.logs.some(({ part, request_id }) => part === 'worker' && request_id === 'unasked'));
});

test('with both caches off, makes every result anew', async (t) => {
  const env = { ...oneWorker, IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };
  const service = await startService(t, { env });
  await upload(service);
  for (let count = 1; count <= 2; count += 1) {
    assert.equal((await get(service, `${path}?width=30`)).status, 200);
    assert.equal((await transformations(service)).length, count);
  }
});

test('200 identical concurrent requests at both doors are one transformation', async (t) => {
  const service = await startService(t, { env: oneWorker });
  await upload(service);
  const dealer = new Dealer({ linger: 0, receiveTimeout: 30_000 });
  closeWith(t, () => dealer.close());
  dealer.connect(service.zmq);
  const ids = Array.from({ length: 100 }, (_, index) => `zmq-${index}`);
  const overHttp = ids.map(() => get(service, `${path}?width=500&format=webp`));
  const resizeRequest = {
    operation: 'resize',
    image_id: imageId,
    width: 500,
    format: 'webp',
    transfer_encoding: 'binary',
  };
  for (const request_id of ids) await dealer.send(['', JSON.stringify({ ...resizeRequest, request_id })]);
  const answered = new Set<string>();
  const images: Buffer[] = (await Promise.all(overHttp)).map(({ image }) => image);
  for (const _ of ids) {
    const [, json, image] = await dealer.receive();
    answered.add(JSON.parse(String(json)).request_id);
    images.push(image as Buffer);
  }
  assert.deepEqual(answered, new Set(ids));
  assert.equal((await sharp(images[0] as Buffer).metadata()).width, 500);
  for (const image of images) assert.deepEqual(image, images[0]);
  assert.equal((await transformations(service)).length, 1);
});
