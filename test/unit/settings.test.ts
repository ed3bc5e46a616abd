import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, variables } from '../../src/config.ts';

/** Plausible settings with which the service would start but never work. */
const unusable: [name: string, value: string, more?: Record<string, string>][] = [
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
  ['IMGWIRE_DATA_DIR', ' /var/lib/imgwire'],
  ['IMGWIRE_CACHE_LEVEL_DIR', '/dev/shm/imgwire '],
  ...['http://127.0.0.1:99999', 'http://[::', 'http://a b'].map(
    (url) => ['IMGWIRE_S3_ENDPOINT', url, { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' }] as const,
  ),
  ...['--', 'eu west', 'a.b', 'a'.repeat(64)].flatMap((region) =>
    ['IMGWIRE_S3_REGION', 'AWS_REGION'].map(
      (name) => [name, region, { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' }] as const,
    ),
  ),
] as never;

for (const [name, value, more] of unusable) {
  test(`${name} ${value} fails the start`, () => {
    assert.throws(() => readConfig({ ...more, [name]: value }), {
      name: 'ConfigError',
      message: new RegExp(`^Expected .* for ${name} but received "`),
    });
  });
}

test('normalizes origins to the form browsers send', () => {
  const origins = 'https://Shop.example:443, http://a.example:8080,https://bücher.example,*';
  assert.deepEqual(readConfig({ IMGWIRE_CORS_ORIGINS: origins }).corsOrigins, [
    'https://shop.example',
    'http://a.example:8080',
    'https://xn--bcher-kva.example',
    '*',
  ]);
});

test('ignores AWS_REGION for a store in a folder', () => {
  assert.equal(readConfig({ AWS_REGION: 'eu west' }).s3Region, 'us-east-1');
});

test('rejects variables of only blanks, and treats empty ones as unset', () => {
  for (const { name } of variables) {
    for (const blanks of [' ', '\t', '\n ']) {
      assert.throws(() => readConfig({ [name]: blanks }), {
        name: 'ConfigError',
        message: `Expected a value or an empty string for ${name} but received ${JSON.stringify(blanks)}`,
      });
    }
  }
  assert.deepEqual(readConfig(Object.fromEntries(variables.map(({ name }) => [name, '']))), readConfig({}));
});

test('rejects values in quotes, which docker --env-file keeps, without showing them', () => {
  for (const { name } of variables) {
    for (const value of ['"secret"', "'secret' "]) {
      assert.throws(() => readConfig({ [name]: value }), {
        name: 'ConfigError',
        message: `Expected a value without quotes around it for ${name} but received one with quotes`,
      });
    }
  }
});

test('describes a wrong variable in words, with an example, and never as a pattern', () => {
  const wrong = ['-', '%', 'a b', '100', '/', '\u0001', '://', 'x'.repeat(100), 'tcp:/a', '1/d', '::/', 'http://a/b'];
  for (const { name } of [...variables, { name: 'AWS_REGION' }]) {
    for (const value of wrong) {
      const error = mistakeIn({ ...(/S3|AWS/.test(name) && s3), [name]: value });
      if (error === undefined) continue;
      assert.equal(error.name, 'ConfigError');
      assert.doesNotMatch(error.message.replace(/ but received .*/, ''), /matches|[\^$\\]|\[.-.\]|\)\?|\{\d/, name);
    }
  }
  for (const [name, value, words] of [
    ['IMGWIRE_RATE_LIMIT', '100', 'requests per second, minute or hour such as 100/s, 600/min or 5000/h'],
    [
      'IMGWIRE_TRUSTED_PROXIES',
      'proxy',
      'a list, separated by commas, each an IP address or CIDR range such as 10.0.0.0/8',
    ],
    ['IMGWIRE_PORT', '1e3', 'only decimal digits'],
    ['IMGWIRE_TIMEOUT_MS', '1000.0', 'only decimal digits'],
    ['IMGWIRE_WORKERS', '-0', 'only decimal digits'],
  ] as const) {
    const message = `Expected ${words} for ${name} but received "${value}"`;
    assert.throws(() => readConfig({ [name]: value }), { name: 'ConfigError', message });
  }
  const unknown = 'Unknown environment variable "IMGWIRE_PROT"; did you mean IMGWIRE_PORT?';
  assert.throws(() => readConfig({ IMGWIRE_PROT: '80' }), { name: 'ConfigError', message: unknown });
});

const s3 = { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' };

function mistakeIn(env: Record<string, string>): Error | undefined {
  try {
    readConfig(env);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
