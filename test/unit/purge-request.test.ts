import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../src/config.ts';
import { readPurgeRequest } from '../../src/gateway/purge/purge-request.ts';

test('no URL is no purging', () => {
  assert.equal(readPurgeRequest('', ''), undefined);
});

test('wrong settings are refused without showing them', () => {
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
  ] as const) {
    assert.throws(
      () => readPurgeRequest(url, header),
      (error) =>
        error instanceof ConfigError &&
        /^Expected .* for IMGWIRE_PURGE_(URL|HEADER)|^Expected IMGWIRE_PURGE_URL/.test(error.message) &&
        !error.message.includes('secret'),
      `${url} ${header}`,
    );
  }
});
