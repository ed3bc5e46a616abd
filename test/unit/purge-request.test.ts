import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ConfigError } from '../../src/config.ts';
import { createPurgeRequestBuilder } from '../../src/gateway/purge/purge-request.ts';
import { closeWith } from '../helpers/owner.ts';

test('without a URL nothing is purged', () => {
  assert.equal(createPurgeRequestBuilder('', ''), undefined);
});

test('rejects wrong settings without showing them', () => {
  for (const [url, header] of [
    ['cdn.example.org/secret', ''],
    ['ftp://cdn.example.org/secret', ''],
    ['purge http://secret', ''],
    ['https://user:secret@cdn.example.org/', ''],
    ['http://[secret', ''],
    ['', 'Fastly-Key: secret'],
    ['http://cache/{image_id}', 'secret'],
    ['http://cache/{image_id}', 'Fastly-Key:'],
    ['http://cache/{image_id}', 'A: b\r\nC: secret'],
    ['http://cache/{image_id}', 'Fastly-Key: secret €'],
    ...['Connection', 'Content-Length', 'Expect', 'HOST', 'Keep-Alive', 'Transfer-Encoding', 'Upgrade'].map(
      (name) => ['http://cache/{image_id}', `${name}: secret`] as const,
    ),
    ...['CONNECT', 'TRACE', 'TRACK'].map((method) => [`${method} http://secret/{image_id}`, ''] as const),
    ['http://secret:99999/{image_id}', ''],
  ] as const) {
    assert.throws(
      () => createPurgeRequestBuilder(url, header),
      (error) =>
        error instanceof ConfigError &&
        /^Expected .* for IMGWIRE_PURGE_(URL|HEADER)|^Expected IMGWIRE_PURGE_URL/.test(error.message) &&
        !error.message.includes('secret'),
      `${url} ${header}`,
    );
  }
});

test('fetch accepts every valid setting', async (t) => {
  const server = createServer((request, response) => response.end(request.headers['fastly-key']));
  closeWith(t, () => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  for (const method of ['', 'POST ', 'PURGE ', 'BAN ', 'DELETE ', 'GET ', 'PUT ']) {
    const request = createPurgeRequestBuilder(`${method}http://127.0.0.1:${port}/{image_id}`, 'Fastly-Key: é');
    const { url, ...init } = request?.('a'.repeat(64)) ?? { url: '' };
    await assert.doesNotReject(fetch(url, init), method);
  }
});
