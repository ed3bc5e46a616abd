import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { anyId, openDoor } from './door.ts';

const door = await openDoor(
  { after },
  {
    perform: ({ request }) => ({
      fields: {
        media_type: request.operation === 'retrieve' ? 'image/svg+xml' : 'image/png',
        size: 6,
        image_id: anyId,
      },
      image: Buffer.from('pixels'),
    }),
  },
);
const get = (path: string, init: RequestInit = {}) => fetch(door.url + path, { redirect: 'manual', ...init });

/** The policy imgproxy sends. */
const sandbox = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const octets = { 'Content-Type': 'application/octet-stream' };

const images: [name: string, path: string, init?: RequestInit][] = [
  ['an original', `/images/${anyId}`],
  ['a HEAD', `/images/${anyId}`, { method: 'HEAD' }],
  ['a part', `/images/${anyId}`, { headers: { Range: 'bytes=0-1' } }],
  ['a transformed image', `/images/${anyId}?width=3`],
  ['a one-shot image', '/resize?width=3', { method: 'POST', headers: octets, body: 'image' }],
];

for (const [name, path, init] of images) {
  test(`${name} is sandboxed, nosniff, and usable from any site`, async () => {
    const { headers, ok } = await get(path, init);
    assert.ok(ok);
    assert.equal(headers.get('content-security-policy'), sandbox);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin');
  });
}

test('a 304 does not change the policy of the cached image', async () => {
  const { headers } = await get(`/images/${anyId}?width=3`);
  const again = await get(`/images/${anyId}?width=3`, { headers: { 'If-None-Match': String(headers.get('etag')) } });
  assert.equal(again.status, 304);
  assert.equal(again.headers.get('cross-origin-resource-policy'), null);
});

const others: [name: string, path: string, status: number, init?: RequestInit][] = [
  ['JSON', '/health', 200],
  ['the list', '/images', 200],
  ['the OpenAPI document', '/openapi.json', 200],
  ['the page', '/', 200],
  ['a script of the page', '/assets/app.js', 200],
  ['Swagger UI', '/docs', 200],
  ['a script of Swagger UI', '/docs/static/swagger-ui-bundle.js', 200],
  ['a problem', '/nowhere', 404],
  ['a problem of an image', '/images/nothing', 400],
  ['a problem page', '/nowhere', 404, { headers: { Accept: 'text/html' } }],
  ['a path that cannot be decoded', '/%zz', 400],
  ['a disallowed method', '/health', 405, { method: 'DELETE' }],
  ['a redirected form', '/images', 303, { method: 'POST', headers: { ...octets, Accept: 'text/html' }, body: 'image' }],
];

for (const [name, path, status, init] of others) {
  test(`${name} is same-origin and nosniff`, async () => {
    const response = await get(path, init);
    await response.arrayBuffer();
    assert.equal(response.status, status);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin');
  });
}

test('the answer to something other than HTTP has nosniff', async () => {
  const socket = connect(door.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('nonsense\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]*\r\nX-Content-Type-Options: nosniff\r\n/);
});

test('pages work over plain HTTP, cannot be framed by other sites, and send their Origin with forms', async () => {
  for (const path of ['/', '/docs']) {
    const { headers } = await get(path);
    assert.equal(headers.get('referrer-policy'), 'same-origin', path);
    assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN', path);
    const policy = String(headers.get('content-security-policy'));
    assert.match(policy, /frame-ancestors '(none|self)'/, path);
    assert.doesNotMatch(policy, /upgrade-insecure-requests/, path);
    for (const name of ['strict-transport-security', 'cross-origin-opener-policy']) {
      assert.equal(headers.get(name), null, `${path} ${name}`);
    }
  }
});
