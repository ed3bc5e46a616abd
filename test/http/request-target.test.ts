import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { createAccess } from '../../src/gateway/access/access.ts';
import { signatureOf } from '../helpers/signing.ts';
import { anyId, openDoor, type TestDoor } from './door.ts';

/*
 * The absolute form of a request target, used for proxies. Servers must accept it, and its host overrides Host (RFC 9112,
 * 3.2.2).
 */

async function ask(door: TestDoor, path: string, { method = 'GET', host = 'localhost' } = {}) {
  const sent = httpRequest({ port: door.port, host: '127.0.0.1', path, method, headers: { host }, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: (await json(response)) as Record<string, unknown> };
}

test('the absolute form has the routes, methods and messages of the origin form', async (t) => {
  const door = await openDoor(t);
  for (const [path, method, status] of [
    ['/health', 'GET', 200],
    ['/images', 'PATCH', 405],
    ['/nowhere?a=b', 'GET', 404],
    [`/images/${anyId}/info?a=b`, 'GET', 400],
  ] as const) {
    const [origin, absolute, ofTls] = await Promise.all(
      ['', 'http://localhost:8080', 'HTTPS://localhost'].map((base) => ask(door, base + path, { method })),
    );
    assert.deepEqual([origin?.status, absolute?.status, ofTls?.status], [status, status, status], path);
    assert.equal(absolute?.body.detail, origin?.body.detail);
  }
  assert.match(String((await ask(door, 'http://localhost?a=b', { method: 'PUT' })).body.detail), /for "\/" but/);
});

test('a target of another form has no route', async (t) => {
  const door = await openDoor(t);
  for (const path of ['*', '*health', '*images?a=b', 'ws://localhost/health']) {
    for (const method of ['GET', 'OPTIONS', 'DELETE'])
      assert.equal((await ask(door, path, { method })).status, 404, `${method} ${path}`);
  }
});

test('the host of the absolute form overrides Host', async (t) => {
  const door = await openDoor(t, { config: { allowedHosts: [] } });
  assert.equal((await ask(door, 'http://evil.example/health')).status, 403);
  assert.equal((await ask(door, 'http://localhost/health', { host: 'evil.example' })).status, 200);
  for (const authority of ['', 'me@localhost'])
    assert.notEqual((await ask(door, `http://${authority}/health`)).status, 200, authority);
});

test('a signature is valid for both forms, and however the path is encoded', async (t) => {
  const key = 'k'.repeat(40);
  const door = await openDoor(t, {
    access: createAccess({ apiKeys: '', signingKeys: key, curveClientKeys: [] }),
    perform: () => ({ fields: { media_type: 'application/json' }, image: Buffer.from('{}') }),
  });
  const signed = `/images/${anyId}?width=20&signature=${signatureOf(key, `/images/${anyId}`, { width: 20 })}`;
  for (const base of ['', 'http://localhost']) {
    assert.equal((await ask(door, base + signed)).status, 200, base);
    assert.equal((await ask(door, base + signed.replace('images', '%69m%61ges'))).status, 200, base);
    assert.equal((await ask(door, `${base}${signed}&height=20`)).status, 403, base);
  }
});

test('strips the public path from both forms', async (t) => {
  const door = await openDoor(t, { config: { publicUrl: { base: '/media', path: '/media', origin: undefined } } });
  for (const base of ['', 'http://localhost'])
    assert.equal((await ask(door, `${base}/media/health`)).status, 200, base);
});
