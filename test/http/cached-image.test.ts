import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import type { Parameters } from '../../src/contract/parameters.ts';
import { originalKey, type ResultKey } from '../../src/gateway/cache/key.ts';
import type { Result } from '../../src/gateway/cache/result.ts';
import type { Owner } from '../helpers/owner.ts';
import { anyId, openDoor, type TestDoorOptions, testKey } from './door.ts';

const image = Buffer.from('from memory');
const known: Result = { fields: { format: 'jpeg', media_type: 'image/jpeg', size: image.length }, image };

/** A door with every variant nine pixels wide in memory; `refuses` makes it reject everything else. */
function open(t: Owner, options: TestDoorOptions & { refuses?: boolean; version?: () => string } = {}) {
  const { refuses = false, version = () => 'v1', ...rest } = options;
  const isKnown = ({ text }: ResultKey) => text.includes('width=9');
  return openDoor(t, {
    service: {
      keyOf: (imageId, parameters) =>
        parameters === undefined ? originalKey(imageId) : testKey(imageId, parameters as Parameters, version()),
      peek: (key) => (isKnown(key) ? known : undefined),
      has: isKnown,
    },
    checkQueue() {
      if (refuses) throw new RequestError('overloaded', 'Expected fewer');
    },
    perform: () => ({ fields: { media_type: 'image/png' }, image: Buffer.from('made') }),
    ...rest,
  });
}

const at = (query: string) => `/images/${anyId}${query}`;

/** The headers that can be equal in two responses. */
function headersOf({ headers }: Response): Record<string, string> {
  const { date: _date, 'server-timing': _timing, 'x-request-id': _id, ...rest } = Object.fromEntries(headers);
  return rest;
}

test('a response from memory has the same headers as one from a worker', async (t) => {
  const door = await open(t, { config: { corsOrigins: ['https://a.example'] } });
  const headers = { origin: 'https://a.example' };
  const made = await fetch(door.url + at('?width=8&download=a%20b.png'), { headers });
  assert.equal(door.performed.length, 1);
  const cached = await fetch(door.url + at('?width=9&download=a%20b.png'), { headers });
  assert.equal(door.performed.length, 1);
  assert.equal(await cached.text(), String(image));
  assert.deepEqual(
    { ...headersOf(cached), etag: '', 'content-length': '', 'content-type': '' },
    { ...headersOf(made), etag: '', 'content-length': '', 'content-type': '' },
  );
  assert.match(String(cached.headers.get('server-timing')), /cache;desc=hit/);
  const requestId = cached.headers.get('x-request-id');
  const line = await door.waitForLog(({ request_id }) => request_id === requestId);
  assert.deepEqual([line.msg, line.method, line.route, line.status], ['request', 'GET', '/images/:image_id', 200]);
  assert.equal(door.budget.used, 0);
});

test('HEAD of an image in memory has its headers and no body', async (t) => {
  const door = await open(t);
  const response = await fetch(door.url + at('?width=9'), { method: 'HEAD' });
  assert.deepEqual([response.headers.get('content-length'), await response.text()], [String(image.length), '']);
  assert.equal(door.performed.length, 0);
});

test("equivalent parameters share an ETag, which changes with the workers' version", async (t) => {
  let version = 'v1';
  const door = await open(t, { version: () => version });
  const tagOf = async (query: string) => (await fetch(door.url + at(query))).headers.get('etag');
  const first = await tagOf('?width=9');
  assert.equal(await tagOf('?w=9'), first);
  version = 'v2';
  assert.notEqual(await tagOf('?width=9'), first);
});

test('answers If-None-Match from memory, with 304 or the image', async (t) => {
  const door = await open(t);
  const etag = String((await fetch(door.url + at('?width=9'))).headers.get('etag'));
  for (const header of [etag, `"other", W/${etag}`, '*']) {
    const response = await fetch(door.url + at('?width=9'), { headers: { 'if-none-match': header } });
    assert.deepEqual([response.status, response.headers.get('etag'), await response.text()], [304, etag, '']);
  }
  const response = await fetch(door.url + at('?width=9'), { headers: { 'if-none-match': '"other"' } });
  assert.deepEqual([response.status, await response.text()], [200, String(image)]);
  assert.equal(door.performed.length, 0);
});

test('answers If-None-Match for an uncached result with 304 only if the request would succeed', async (t) => {
  const door = await open(t);
  const etag = String((await fetch(door.url + at('?width=8'))).headers.get('etag'));
  const resizeRequest = { operation: 'resize', image_id: anyId, width: 8 };
  for (const [tag, request] of [
    // A client with the tag has had the result, so it is enough that the image still exists.
    [etag, { operation: 'retrieve', image_id: anyId, length: 0 }],
    ['*', resizeRequest],
  ] as const) {
    const response = await fetch(door.url + at('?width=8'), { headers: { 'if-none-match': tag } });
    assert.equal(response.status, 304);
    assert.deepEqual(door.performed.at(-1)?.request, request);
  }
  assert.equal(door.performed.length, 3);
});

test('rejects an invalid query even if the rest of it is in memory', async (t) => {
  const door = await open(t);
  for (const query of ['?width=9&w=9', '?width=9&widht=1', '?width=9&quality=0', '?width=9&preset=none']) {
    assert.equal((await fetch(door.url + at(query))).status, 400, query);
  }
});

test('while the queue is full, answers only cached results', async (t) => {
  const door = await open(t, { refuses: true });
  const refused = await fetch(door.url + at('?width=8'), { headers: { 'x-request-id': 'mine' } });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(refused.headers.get('cache-control'), 'no-store');
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await refused.json(), {
    type: 'about:blank',
    title: 'Overloaded',
    status: 503,
    detail: 'Expected fewer',
    code: 'overloaded',
    request_id: 'mine',
  });
  assert.equal((await fetch(door.url + at(''))).status, 503);
  assert.equal(door.performed.length, 0);
  assert.equal((await fetch(door.url + at('?width=9'))).status, 200);
  assert.equal((await fetch(`${door.url}/health`)).status, 200);
  assert.equal(door.lines.filter(({ status }) => status === 503).length, 2);
});

test('hooks run before the cache: a rejected request gets no image from memory', async (t) => {
  const draining = await open(t, { isDraining: () => true });
  const response = await fetch(draining.url + at('?width=9'));
  assert.deepEqual([response.status, response.headers.get('connection')], [503, 'close']);
});

test('a Range needs one exchange, whose reply says which bytes it has', async (t) => {
  const door = await openDoor(t, {
    perform: ({ request }) => {
      const { first = 0 } = (request as { range?: { first?: number } }).range ?? {};
      const bytes = first === 0 ? 'ab' : '';
      return { fields: { media_type: 'image/png', size: 9, offset: first }, image: Buffer.from(bytes) };
    },
  });
  const part = await fetch(door.url + at(''), { headers: { range: 'bytes=0-1' } });
  assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 0-1/9', 'ab']);
  const none = await fetch(door.url + at(''), { headers: { range: 'bytes=9-' } });
  assert.deepEqual([none.status, none.headers.get('content-range')], [416, 'bytes */9']);
  assert.deepEqual(
    door.performed.map(({ request }) => (request as { range?: object }).range),
    [{ first: 0, last: 1 }, { first: 9 }],
  );
});
