import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import type { Result, ResultKey } from '../../src/gateway/results/result.ts';
import type { Owner } from '../helpers/service.ts';
import { anyId, openDoor, type TestDoorOptions } from './door.ts';

const image = Buffer.from('from memory');
const known: Result = { fields: { format: 'jpeg', media_type: 'image/jpeg', size: image.length }, image };

/** A door with every variant of nine pixels in memory, and a way to have all else refused. */
function open(t: Owner, options: TestDoorOptions & { refuses?: boolean; underWay?: boolean } = {}) {
  const { refuses = false, underWay = false, ...rest } = options;
  const isKnown = ({ text }: ResultKey) => text.includes('width=9');
  return openDoor(t, {
    results: {
      keyOf: (imageId, parameters) => ({ imageId, text: new URLSearchParams(parameters as never).toString() }),
      recall: (key) => (isKnown(key) ? known : undefined),
      has: isKnown,
      needsWorker: (key) => !isKnown(key) && !underWay,
    },
    refusal: () => (refuses ? new RequestError('overloaded', 'Expected fewer') : undefined),
    answer: () => ({ reply: { media_type: 'image/png' }, image: Buffer.from('made') }) as never,
    ...rest,
  });
}

const at = (query: string) => `/images/${anyId}${query}`;

/** Headers but for those that no two answers share. */
function headersOf({ headers }: Response): Record<string, string> {
  const { date: _date, 'server-timing': _timing, 'x-request-id': _id, ...rest } = Object.fromEntries(headers);
  return rest;
}

test('an answer from memory has the headers of one that a worker made', async (t) => {
  const door = await open(t, {
    config: { maxUploadBytes: 9, timeoutMs: 999, corsOrigins: ['https://a.example'], presets: {} },
  });
  const headers = { origin: 'https://a.example' };
  const made = await fetch(door.url + at('?width=8&download=a%20b.png'), { headers });
  assert.equal(door.asked.length, 1);
  const remembered = await fetch(door.url + at('?width=9&download=a%20b.png'), { headers });
  assert.equal(door.asked.length, 1);
  assert.equal(await remembered.text(), String(image));
  assert.deepEqual(
    { ...headersOf(remembered), etag: '', 'content-length': '', 'content-type': '' },
    { ...headersOf(made), etag: '', 'content-length': '', 'content-type': '' },
  );
  assert.match(String(remembered.headers.get('server-timing')), /cache;desc=hit/);
  const line = door.lines.at(-1) as Record<string, unknown>;
  assert.equal(line.request_id, remembered.headers.get('x-request-id'));
  assert.deepEqual([line.msg, line.method, line.route, line.status], ['request', 'GET', '/images/:image_id', 200]);
});

test('spellings of the same parameters share their tag, and the tag follows the version of the workers', async (t) => {
  let version = 'v1';
  const door = await open(t, { version: () => version });
  const tagOf = async (query: string) => (await fetch(door.url + at(query))).headers.get('etag');
  const first = await tagOf('?width=9');
  assert.equal(await tagOf('?w=9'), first);
  version = 'v2';
  assert.notEqual(await tagOf('?width=9'), first);
});

test('If-None-Match is answered from memory by 304 where it holds, and by the image where not', async (t) => {
  const door = await open(t);
  const etag = String((await fetch(door.url + at('?width=9'))).headers.get('etag'));
  for (const header of [etag, `"other", W/${etag}`, '*']) {
    const response = await fetch(door.url + at('?width=9'), { headers: { 'if-none-match': header } });
    assert.deepEqual([response.status, response.headers.get('etag'), await response.text()], [304, etag, '']);
  }
  const response = await fetch(door.url + at('?width=9'), { headers: { 'if-none-match': '"other"' } });
  assert.deepEqual([response.status, await response.text()], [200, String(image)]);
  assert.equal(door.asked.length, 0);
});

test('a mistake in the query is found though the rest of it is in memory', async (t) => {
  const door = await open(t);
  for (const query of ['?width=9&w=9', '?width=9&widht=1', '?width=9&quality=0', '?width=9&preset=none']) {
    assert.equal((await fetch(door.url + at(query))).status, 400, query);
  }
});

test('while all work is refused, what is in memory or under way is not', async (t) => {
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
  assert.equal(door.asked.length, 0);
  assert.equal((await fetch(door.url + at('?width=9'))).status, 200);
  assert.equal((await fetch(`${door.url}/health`)).status, 200);
  assert.equal(door.lines.filter(({ status }) => status === 503).length, 2);

  const joining = await open(t, { refuses: true, underWay: true });
  assert.equal((await fetch(joining.url + at('?width=8'))).status, 200);
});

test('of requests that come together, those beyond the limit are refused before the others are begun', async (t) => {
  const limit = 9;
  let refusals = 0;
  const door = await open(t, {
    refusal: (_weight, before) => {
      if (before < limit) return undefined;
      refusals += 1;
      return new RequestError('overloaded', 'Expected fewer');
    },
    answer: () => {
      assert.equal(refusals, 6);
      return { reply: { media_type: 'image/png' }, image: Buffer.from('made') } as never;
    },
  });
  // In one piece, so that all have come when the first is looked at; each result is asked for twice.
  const widths = Array.from({ length: 2 * (limit + 3) }, (_, index) => 100 + (index >> 1));
  const socket = connect(door.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(widths.map((width) => `GET ${at(`?width=${width}`)} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  const statuses: string[] = [];
  for await (const chunk of socket) {
    statuses.push(...(String(chunk).match(/(?<=HTTP\/1.1 )\d+/g) ?? []));
    if (statuses.length >= widths.length) break;
  }
  assert.deepEqual(
    statuses,
    widths.map((width) => (width < 100 + limit ? '200' : '503')),
  );
});

test('what is in memory is refused while the process is on its way out', async (t) => {
  const door = await open(t, { isDraining: () => true });
  const response = await fetch(door.url + at('?width=9'));
  assert.deepEqual([response.status, response.headers.get('connection')], [503, 'close']);
});
