import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, variables } from '../../src/config.ts';

/** Settings that look right, and with which the service would start and then fail for ever. */
const neverWorking: [name: string, value: string, more?: Record<string, string>][] = [
  ['IMGWIRE_ALLOWED_HOSTS', '*.example.org'],
  ['IMGWIRE_ALLOWED_HOSTS', 'a.example,.example.org'],
  ['IMGWIRE_ALLOWED_HOSTS', 'bücher.example'],
  ['IMGWIRE_PUBLIC_URL', 'https://*.example.org'],
  ['IMGWIRE_CORS_ORIGINS', 'https://*.example.org'],
  ['IMGWIRE_CORS_ORIGINS', 'https://shop.example/'],
  ['IMGWIRE_CORS_ORIGINS', 'https://shop.example:99999'],
  ['IMGWIRE_CORS_ORIGINS', 'https://user@shop.example'],
  ['IMGWIRE_CORS_ORIGINS', 'https://shop.example\\a'],
  ['IMGWIRE_MAX_UPLOAD_BYTES', String(2 ** 31), { IMGWIRE_INFLIGHT_BYTES: String(2 ** 40) }],
  ['IMGWIRE_TIMEOUT_MS', '99'],
  ...['http://127.0.0.1:99999', 'http://[::', 'http://a b'].map(
    (url) => ['IMGWIRE_S3_ENDPOINT', url, { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' }] as const,
  ),
  ...['--', 'eu west', 'a.b', 'a'.repeat(64)].flatMap((region) =>
    ['IMGWIRE_S3_REGION', 'AWS_REGION'].map(
      (name) => [name, region, { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' }] as const,
    ),
  ),
] as never;

for (const [name, value, more] of neverWorking) {
  test(`${name} ${value} stops the start`, () => {
    assert.throws(() => readConfig({ ...more, [name]: value }), {
      name: 'ConfigError',
      message: new RegExp(`^Expected .* for ${name} but received "`),
    });
  });
}

test('origins are compared as browsers write them', () => {
  const origins = 'https://Shop.example:443, http://a.example:8080,https://bücher.example,*';
  assert.deepEqual(readConfig({ IMGWIRE_CORS_ORIGINS: origins }).corsOrigins, [
    'https://shop.example',
    'http://a.example:8080',
    'https://xn--bcher-kva.example',
    '*',
  ]);
});

test('a region of AWS tools does not matter to images in a folder', () => {
  assert.equal(readConfig({ AWS_REGION: 'eu west' }).s3Region, 'us-east-1');
});

test('no variable may hold blanks alone, and an empty one is as good as none', () => {
  for (const { name } of variables) {
    for (const blanks of [' ', '\t', '\n ']) {
      assert.throws(() => readConfig({ [name]: blanks }), {
        name: 'ConfigError',
        message: `Expected a value, or an empty one, for ${name} but received ${JSON.stringify(blanks)}`,
      });
    }
  }
  assert.deepEqual(readConfig(Object.fromEntries(variables.map(({ name }) => [name, '']))), readConfig({}));
});
