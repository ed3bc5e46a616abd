import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { trustedProxyTest } from '../../src/gateway/limits/addresses.ts';
import { createRateLimiter } from '../../src/gateway/limits/rate-limit.ts';
import { closeWith } from '../helpers/owner.ts';
import { anyId, openDoor, type TestDoor } from './door.ts';

const get = ({ url }: TestDoor, path = `/images/${anyId}/info`, headers = {}) => fetch(url + path, { headers });
const statuses = async (door: TestDoor, times: number, path?: string, headers?: object) => {
  const all: number[] = [];
  for (let time = 0; time < times; time += 1) all.push((await get(door, path, headers)).status);
  return all;
};
const from = (forwarded: string) => ({ 'x-forwarded-for': forwarded });

test('answers a client over its limit rate_limited, with Retry-After', async (t) => {
  const door = await openDoor(t, { rateLimiter: createRateLimiter('2/min') });
  const first = await get(door);
  assert.equal(first.status, 200);
  assert.deepEqual([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')], ['2', '1']);
  assert.equal((await get(door)).headers.get('ratelimit-remaining'), '0');
  const refused = await get(door, undefined, { 'x-request-id': 'r' });
  const problem = await refused.json();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(problem, {
    type: 'about:blank',
    title: 'Rate limited',
    status: 429,
    detail: 'Expected at most 2 requests in 60 s from one client; try again later',
    code: 'rate_limited',
    request_id: 'r',
  });
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(seconds > 50 && seconds <= 60, `${seconds}`);
  assert.equal(refused.headers.get('ratelimit-reset'), String(seconds));
  assert.equal(door.performed.length, 2);
});

test('counts 404s, 405s and documents, but never /health and /ready', async (t) => {
  const door = await openDoor(t, { rateLimiter: createRateLimiter('4/min') });
  assert.deepEqual(await statuses(door, 20, '/health'), Array(20).fill(200));
  assert.deepEqual(await statuses(door, 1, '/nowhere'), [404]);
  assert.equal((await fetch(`${door.url}/images`, { method: 'DELETE' })).status, 405);
  assert.deepEqual(await statuses(door, 1, '/openapi.json'), [200]);
  assert.deepEqual(await statuses(door, 1, '/docs'), [200]);
  assert.deepEqual(await statuses(door, 1, '/nowhere'), [429]);
  assert.deepEqual(await statuses(door, 1, '/openapi.json'), [429]);
  assert.deepEqual(await statuses(door, 20, '/ready'), Array(20).fill(200));
});

test('rejects an upload over the limit before reading its body', async (t) => {
  const door = await openDoor(t, { rateLimiter: createRateLimiter('1/min') });
  await get(door);
  const headers = { 'content-type': 'image/png' };
  const response = await fetch(`${door.url}/images`, { method: 'POST', headers, body: Buffer.alloc(90_000) });
  assert.equal(response.status, 429);
  assert.equal(door.performed.length, 1);
});

test('ignores X-Forwarded-For without trusted proxies', async (t) => {
  const door = await openDoor(t, { rateLimiter: createRateLimiter('2/min') });
  const answers = [];
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
    answers.push(...(await statuses(door, 1, undefined, from(address))));
  }
  assert.deepEqual(answers, [200, 200, 429]);
  assert.ok(door.performed.every(({ context }) => context.client.address === '127.0.0.1'));
});

test('behind trusted proxies the client is the last untrusted address, whatever it sends', async (t) => {
  const isTrustedProxy = trustedProxyTest(['127.0.0.1', '10.0.0.0/8']);
  const door = await openDoor(t, { rateLimiter: createRateLimiter('2/min'), isTrustedProxy });
  const address = async (forwarded: string) => {
    await get(door, undefined, from(forwarded));
    return door.performed.at(-1)?.context.client.address;
  };
  assert.equal(await address('192.0.2.1'), '192.0.2.1');
  assert.equal(await address('203.0.113.9, 192.0.2.1'), '192.0.2.1');
  // The client's third request; the address it claims is ignored.
  assert.deepEqual(await statuses(door, 1, undefined, from('198.51.100.7, 192.0.2.1')), [429]);
  assert.equal(await address('198.51.100.7, 192.0.2.3, 10.1.2.3'), '192.0.2.3');
  assert.equal(await address('2001:db8::1'), '2001:db8::1');
  assert.equal(await address('2001:db8::2'), '2001:db8::2');
  assert.deepEqual(await statuses(door, 1, undefined, from('2001:db8::3')), [429], 'one customer has a /64');
  assert.equal(await address('192.0.2.5:51234'), '192.0.2.5');
  assert.equal(await address('198.51.100.7:80, [2001:db8:1::1]:51234, 10.1.2.3:443'), '2001:db8:1::1');
  assert.equal(await address('unknown'), '127.0.0.1');
  assert.equal(await address('192.0.2.4, unknown'), '127.0.0.1');
});

const open = async ({ port }: TestDoor) => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  return socket;
};

test('closes and logs connections over the limit per address, and serves later ones', async (t) => {
  const door = await openDoor(t, { config: { httpConnectionsPerAddress: 2 } });
  const kept = [await open(door), await open(door)];
  closeWith(t, () => kept.map((socket) => socket.destroy()));
  const dropped = await open(door);
  await once(dropped, 'close');
  const line = await door.waitForLog(({ msg }) => msg === 'connections over the limit closed');
  assert.deepEqual([line.level, line.limit, line.dropped, line.address], [40, 2, 1, '127.0.0.1']);
  const [first] = kept;
  first?.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [chunk] = await once(first as NonNullable<typeof first>, 'data');
  assert.match(String(chunk), /^HTTP\/1\.1 200 /);
  await once(first as NonNullable<typeof first>, 'close');
  assert.equal((await get(door, '/health')).status, 200);
});

test('limits connections of exempt addresses only in total', async (t) => {
  const door = await openDoor(t, { config: { httpConnectionsPerAddress: 1 }, isUnlimited: () => true });
  const sockets = [await open(door), await open(door)];
  closeWith(t, () => sockets.map((socket) => socket.destroy()));
  assert.equal((await get(door, '/health')).status, 200);
});
