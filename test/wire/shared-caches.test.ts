import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(200, 100);
const mark = await photo(50, 50);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const [id, markId] = [sha256(picture), sha256(mark)];
const jpeg = { 'content-type': 'image/jpeg' };

async function store({ http }: Service, bytes: Buffer): Promise<void> {
  const { ok } = await fetch(`${http}/images`, { method: 'POST', headers: jpeg, body: new Uint8Array(bytes) });
  assert.ok(ok);
}

interface Received {
  method: string | undefined;
  url: string | undefined;
  tag: unknown;
  key: unknown;
  secret: unknown;
  body: string;
}

/** A fake CDN that answers purges with these statuses in order, then with the last one. */
async function startCache(t: TestContext, ...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    received.push({
      method,
      url,
      tag: headers['cache-tag'],
      key: headers['surrogate-key'],
      secret: headers.secret,
      body,
    });
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    response.writeHead(status ?? 200, { location: '/elsewhere' }).end();
    server.emit('received');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => server.close());
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async waitForPurges(count: number): Promise<void> {
      while (received.length < count) await once(server, 'received');
    },
  };
}

const metricsOf = async ({ http }: Service) => (await fetch(`${http}/metrics`)).text();

const remove = ({ http }: Service, imageId: string) => fetch(`${http}/images/${imageId}`, { method: 'DELETE' });

test('images and results are tagged with the ids of the images they are made of', async (t) => {
  const service = await startService(t);
  await store(service, picture);
  await store(service, mark);
  const tags = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(service.http + path, { headers, method });
    await response.arrayBuffer();
    return [response.status, response.headers.get('cache-tag'), response.headers.get('surrogate-key')];
  };
  assert.deepEqual(await tags(`/images/${id}`), [200, id, id]);
  assert.deepEqual(await tags(`/images/${id}`, {}, 'HEAD'), [200, id, id]);
  assert.deepEqual(await tags(`/images/${id}`, { range: 'bytes=0-9' }), [206, id, id]);
  assert.deepEqual(await tags(`/images/${id}`, { 'if-none-match': '*' }), [304, id, id]);
  for (let turn = 0; turn < 2; turn += 1) {
    assert.deepEqual(await tags(`/images/${id}?width=50`), [200, id, id]);
    assert.deepEqual(await tags(`/images/${id}?width=50&format=auto`, { accept: 'image/webp' }), [200, id, id]);
    const both = [`${id},${markId}`, `${id} ${markId}`];
    assert.deepEqual(await tags(`/images/${id}?width=50&watermark=${markId}`), [200, ...both]);
    assert.deepEqual(await tags(`/images/${id}?width=50&watermark=${markId}`, { 'if-none-match': '*' }), [
      304,
      ...both,
    ]);
  }
  assert.deepEqual(await tags(`/images/${id}?watermark=${id}`), [200, id, id]);
  const made = await fetch(`${service.http}/resize?width=9`, {
    method: 'POST',
    headers: jpeg,
    body: new Uint8Array(picture),
  });
  assert.deepEqual([made.status, made.headers.get('cache-tag')], [200, null]);
});

test('the max-age of images is configurable', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_MAX_AGE_SECONDS: '60', IMGWIRE_PRESETS: 'card:width=20' } });
  await store(service, picture);
  for (const query of ['', '?width=20', '?preset=card']) {
    const { headers } = await fetch(`${service.http}/images/${id}${query}`);
    assert.equal(headers.get('cache-control'), 'public, max-age=60');
  }
});

test('purges a deleted image from the cache, from both doors, and retries until it succeeds', async (t) => {
  const cache = await startCache(t, 500, 302, 200);
  const env = {
    IMGWIRE_PURGE_URL: `${cache.url}/purge/{image_id}?soft=0`,
    IMGWIRE_PURGE_HEADER: 'Secret: not for logs',
    IMGWIRE_LOG_LEVEL: 'trace',
  };
  const service = await startService(t, { env });
  await store(service, picture);
  assert.equal((await remove(service, id)).status, 204);
  await cache.waitForPurges(3);
  const body = JSON.stringify({ tags: [id] });
  const expected = { method: 'POST', url: `/purge/${id}?soft=0`, tag: id, key: id, secret: 'not for logs', body };
  assert.deepEqual(cache.received, [expected, expected, expected]);

  await store(service, mark);
  const { json } = await connectZmq(t, service.zmq).call({ operation: 'delete', image_id: markId });
  assert.equal(json.status, 'success');
  await cache.waitForPurges(4);
  assert.equal(cache.received[3]?.tag, markId);

  // An earlier attempt may have deleted it without purging the cache.
  assert.equal((await remove(service, id)).status, 404);
  await cache.waitForPurges(5);
  while (!/imgwire_purges_total\{result="done"\} 3/.test(await metricsOf(service))) await delay(20);
  assert.equal(cache.received.length, 5);
  assert.doesNotMatch(JSON.stringify(service.logs), /not for logs/);
});

test('a purge with another method has no body', async (t) => {
  const cache = await startCache(t, 204);
  const service = await startService(t, { env: { IMGWIRE_PURGE_URL: `PURGE ${cache.url}/images/{image_id}` } });
  await store(service, picture);
  await remove(service, id);
  await cache.waitForPurges(1);
  const [{ method, url, body } = {} as Received] = cache.received;
  assert.deepEqual({ method, url, body }, { method: 'PURGE', url: `/images/${id}`, body: '' });
});

test('retries a failed purge once on shutdown, and logs it', async (t) => {
  const cache = await startCache(t, 503);
  const service = await startService(t, { env: { IMGWIRE_PURGE_URL: cache.url } });
  await store(service, picture);
  await remove(service, id);
  await cache.waitForPurges(1);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  const line = service.logs.find(({ msg }) => msg === 'deleted image not purged');
  assert.deepEqual([line?.image_id, line?.reason], [id, 'status 503']);
  assert.ok(cache.received.length > 1);
});

test('a cache that never answers delays neither deletions nor the shutdown', async (t) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => server.closeAllConnections());
  closeWith(t, () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{image_id}`;
  const service = await startService(t, { env: { IMGWIRE_PURGE_URL: url } });
  await store(service, picture);
  assert.equal((await remove(service, id)).status, 204);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  assert.ok(service.logs.some(({ msg, image_id }) => msg === 'deleted image not purged' && image_id === id));
});
