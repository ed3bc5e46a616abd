import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { anyId, openDoor } from './door.ts';

const open = (t: TestContext, url: string) =>
  openDoor(t, {
    config: { publicUrl: readConfig({ IMGWIRE_PUBLIC_URL: url }).publicUrl, allowedHosts: [] },
    perform: () => ({ fields: { image_id: anyId, created: true, variants: [{ width: 320 }] } }),
  });

const cases: [given: string, base: string, path: string, origin?: string][] = [
  ['', '', ''],
  ['/', '', ''],
  ['/media', '/media', '/media'],
  ['/media/', '/media', '/media'],
  ['/a/b%20c', '/a/b%20c', '/a/b%20c'],
  ['http://localhost:8080', 'http://localhost:8080', '', 'http://localhost:8080'],
  ['https://Example.org:443/media/', 'https://example.org/media', '/media', 'https://example.org'],
];

for (const [given, base, path, origin] of cases) {
  test(`IMGWIRE_PUBLIC_URL ${JSON.stringify(given)} is ${base || "the client's own address"}`, () => {
    assert.deepEqual(readConfig({ IMGWIRE_PUBLIC_URL: given }).publicUrl, { base, path, origin });
  });
}

for (const given of [
  'media',
  'example.org/media',
  '//example.org/media',
  '/\\example.org',
  'ftp://example.org/',
  'https://',
  'https://example.org/media?width=1',
  'https://example.org/media#top',
  '/media?width=1',
  '/me dia',
]) {
  test(`IMGWIRE_PUBLIC_URL ${given} fails the start`, () => {
    assert.throws(() => readConfig({ IMGWIRE_PUBLIC_URL: given }), {
      name: 'ConfigError',
      message: `Expected a URL such as https://example.org/media, or its path, without credentials, query and fragment, for IMGWIRE_PUBLIC_URL but received ${JSON.stringify(given)}`,
    });
  });
}

test('credentials in IMGWIRE_PUBLIC_URL fail the start and are not shown', () => {
  assert.throws(
    () => readConfig({ IMGWIRE_PUBLIC_URL: 'https://joe:secret@example.org/' }),
    (error: Error) => {
      assert.match(error.message, /without credentials.* for IMGWIRE_PUBLIC_URL but received something else$/);
      return !error.message.includes('secret');
    },
  );
});

const form = { 'Content-Type': 'application/octet-stream' };

for (const [given, location, variant, server] of [
  ['', '/images/', '/images/', '/'],
  ['/media', '/media/images/', '/media/images/', '/media'],
  ['https://example.org/media', '/media/images/', 'https://example.org/media/images/', 'https://example.org/media'],
] as const) {
  test(`with IMGWIRE_PUBLIC_URL ${given || 'unset'}, answers point to ${variant}…`, async (t) => {
    const { url } = await open(t, given);
    for (const [accept, status] of [
      ['*/*', 201],
      ['text/html', 303],
    ] as const) {
      const headers = { ...form, Accept: accept };
      const response = await fetch(`${url}/images`, { method: 'POST', headers, body: 'image', redirect: 'manual' });
      assert.equal(response.status, status);
      assert.equal(response.headers.get('location'), location + anyId);
    }
    const { variants } = (await (
      await fetch(`${url}/images/${anyId}/variants`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"variants":[{"width":320}]}',
      })
    ).json()) as { variants: { url: string }[] };
    assert.equal(variants[0]?.url, `${variant}${anyId}?width=320`);
    const { servers } = (await (await fetch(`${url}/openapi.json`)).json()) as { servers: { url: string }[] };
    assert.equal(servers[0]?.url, server);
  });
}

test('allows the host of the public URL on any port', async (t) => {
  const { app } = await open(t, 'https://images.example.org:8443/media');
  for (const [host, status] of [
    ['images.example.org', 200],
    ['IMAGES.example.org:80', 200],
    ['example.org', 403],
  ] as const) {
    assert.equal((await app.inject({ url: '/health', headers: { host } })).statusCode, status, host);
  }
});

test('treats the origin of the public URL as its own, even if the proxy sends another Host', async (t) => {
  const { app } = await open(t, 'https://example.org/media');
  for (const [origin, status] of [
    ['https://example.org', 201],
    ['http://example.org', 403],
    ['https://evil.example', 403],
  ] as const) {
    const headers = { ...form, origin, host: '127.0.0.1:8080', 'content-type': 'application/octet-stream' };
    const response = await app.inject({ method: 'POST', url: '/images', headers, payload: 'image' });
    assert.equal(response.statusCode, status, origin);
    assert.equal(response.headers['access-control-allow-origin'], undefined);
  }
});

test('a proxy may strip the path or pass it on', async (t) => {
  const { app } = await open(t, '/media');
  for (const url of ['/health', '/media/health', '/', '/media/', '/media/docs', '/media/assets/app.js']) {
    assert.equal((await app.inject(url)).statusCode, 200, url);
  }
  const redirect = await app.inject('/media');
  assert.deepEqual([redirect.statusCode, redirect.headers.location], [302, '/media/']);
  for (const url of ['/mediahealth', '/media/media/health', '/other/health']) {
    assert.equal((await app.inject(url)).statusCode, 404, url);
  }
  assert.doesNotMatch((await app.inject('/openapi.json')).body, /"\/media"\s*:/);
});

for (const path of ['/images', '/docs/help', '/assets']) {
  test(`leaves a public path that begins like a route, such as ${path}, for the proxy to strip`, async (t) => {
    const { app } = await open(t, path);
    assert.equal((await app.inject(`/images/${anyId}/info`)).statusCode, 200);
    assert.equal((await app.inject('/docs')).statusCode, 200);
    assert.equal((await app.inject('/assets/app.js')).statusCode, 200);
    assert.equal((await app.inject(`${path}/health`)).statusCode, path === '/images' ? 400 : 404);
    const { headers } = await app.inject({
      method: 'POST',
      url: '/images',
      headers: { 'content-type': 'image/png' },
      payload: 'image',
    });
    assert.equal(headers.location, `${path}/images/${anyId}`);
  });
}

test('pages use relative addresses, so any prefix works without configuration', async (t) => {
  const { app } = await open(t, '');
  for (const [url, root] of [
    ['/', ''],
    ['/docs', './'],
    ['/docs/', './'],
    ['/nowhere', './'],
    ['/images/1/2?a=/b', '../../'],
  ] as const) {
    const { body } = await app.inject({ url, headers: { accept: 'text/html' } });
    const addresses = [...body.matchAll(/(?:src|href|action)="([^"#]+)"/g)].map(([, address]) => String(address));
    assert.ok(addresses.length > 0, url);
    for (const address of addresses) assert.match(address, new RegExp(`^${root.replaceAll('.', '\\.')}(?![./])`), url);
  }
  const { servers } = (await app.inject('/docs/json')).json() as { servers: { url: string }[] };
  assert.equal(servers[0]?.url, '..');
});
