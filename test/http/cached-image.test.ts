import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import type { ResultKey } from '../../src/gateway/cache/key.ts';
import type { Result } from '../../src/gateway/cache/result.ts';
import type { Owner } from '../helpers/service.ts';
import { anyId, openDoor, type TestDoorOptions } from './door.ts';

const image = Buffer.from('from memory');
const known: Result = { fields: { format: 'jpeg', media_type: 'image/jpeg', size: image.length }, image };

interface Options extends TestDoorOptions {
  /** Whether the queue is full. */
  refuses?: boolean;
  isInFlight?: boolean;
}

/** A door with every variant of nine pixels in memory. */
function open(t: Owner, { refuses = false, isInFlight = false, ...options }: Options = {}) {
  const isKnown = ({ text }: ResultKey) => text.includes('width=9');
  return openDoor(t, {
    service: { peek: (key) => (isKnown(key) ? known : undefined), has: isKnown, isInFlight: () => isInFlight },
    refusal: () => (refuses ? new RequestError('overloaded', 'Expected fewer') : undefined),
    perform: () => ({ fields: { media_type: 'image/png' }, image: Buffer.from('made') }),
    ...options,
  });
}

const at = (query: string) => `/images/${anyId}${query}`;

/** Headers but for those that no two answers share. */
function headersOf({ headers }: Response): Record<string, string> {
  const { date: _date, 'server-timing': _timing, 'x-request-id': _id, ...rest } = Object.fromEntries(headers);
  return rest;
}

test('an image from memory has the headers and the log line of one that a worker made', async (t) => {
  const door = await open(t, { config: { corsOrigins: ['https://a.example'] } });
  const headers = { origin: 'https://a.example' };
  const made = await fetch(door.url + at('?width=8&download=a%20b.png'), { headers });
  assert.equal(door.performed.length, 1);
  const cached = await fetch(door.url + at('?width=9&download=a%20b.png'), { headers });
  assert.equal(door.performed.length, 1);
  assert.equal(await cached.text(), String(image));
  const differing = { etag: '', 'content-length': '', 'content-type': '' };
  assert.deepEqual({ ...headersOf(cached), ...differing }, { ...headersOf(made), ...differing });
  assert.match(String(cached.headers.get('server-timing')), /cache;desc=hit/);
  const id = cached.headers.get('x-request-id');
  const line = await door.logged(({ request_id }) => request_id === id);
  assert.deepEqual([line.msg, line.method, line.route, line.status], ['request', 'GET', '/images/:image_id', 200]);
});

test('If-None-Match is answered from memory by 304 where it matches, and by the image where not', async (t) => {
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

test('what is in memory passes the hooks like everything else', async (t) => {
  const door = await open(t, { config: { allowedHosts: ['images.example'] } });
  const statusOf = (host: string) =>
    new Promise((resolve) => {
      request(door.url + at('?width=9'), { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
  assert.deepEqual(
    [await statusOf('images.example'), await statusOf('IMAGES.example:80'), await statusOf('evil.example')],
    [200, 200, 403],
  );
  const draining = await open(t, { isDraining: () => true });
  const response = await fetch(draining.url + at('?width=9'));
  assert.deepEqual([response.status, response.headers.get('connection')], [503, 'close']);
});

test('a mistake in the query is found though the rest of it is in memory', async (t) => {
  const door = await open(t);
  for (const query of ['?width=9&w=9', '?width=9&widht=1', '?width=9&quality=0', '?width=9&preset=none']) {
    assert.equal((await fetch(door.url + at(query))).status, 400, query);
  }
});

test('while the queue is full, what needs a worker is refused at once, and what is cached or in flight is not', async (t) => {
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
  assert.equal((await fetch(`${door.url}/resize`, { method: 'POST', body: 'image', headers: jpeg })).status, 503);
  assert.equal(door.performed.length, 0);
  assert.equal((await fetch(door.url + at('?width=9'))).status, 200);
  assert.equal((await fetch(`${door.url}/health`)).status, 200);

  const joining = await open(t, { refuses: true, isInFlight: true });
  assert.equal((await fetch(joining.url + at('?width=8'))).status, 200);
});

const jpeg = { 'content-type': 'image/jpeg' };
