import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';

const s3 = { IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' };

test('derives region and addressing style from other settings', () => {
  const chosen = (env: Record<string, string>) => {
    const { s3Region, s3ForcePathStyle } = readConfig({ ...s3, ...env });
    return [s3Region, s3ForcePathStyle];
  };
  const endpoint = { IMGWIRE_S3_ENDPOINT: 'http://127.0.0.1:9000' };
  assert.deepEqual(chosen({}), ['us-east-1', false]);
  assert.deepEqual(chosen({ AWS_REGION: 'eu-central-1' }), ['eu-central-1', false]);
  assert.deepEqual(chosen({ AWS_REGION: 'eu-central-1', IMGWIRE_S3_REGION: 'eu-west-1' }), ['eu-west-1', false]);
  assert.deepEqual(chosen(endpoint), ['us-east-1', true]);
  assert.deepEqual(chosen({ ...endpoint, IMGWIRE_S3_FORCE_PATH_STYLE: 'false' }), ['us-east-1', false]);
});

test('reports what was expected of store settings', () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ IMGWIRE_STORE: 's3' }, /^Expected a bucket for IMGWIRE_S3_BUCKET, as IMGWIRE_STORE is s3, but received none$/],
    [
      { IMGWIRE_S3_BUCKET: 'images' },
      /^Expected IMGWIRE_STORE to be s3, as IMGWIRE_S3_BUCKET is set, but received fs$/,
    ],
    [
      { IMGWIRE_S3_ENDPOINT: 'http://127.0.0.1:9000' },
      /^Expected IMGWIRE_STORE to be s3, as IMGWIRE_S3_ENDPOINT is set, but received fs$/,
    ],
    [{ ...s3, IMGWIRE_S3_ENDPOINT: 's3.example.org' }, /for IMGWIRE_S3_ENDPOINT but received "s3.example.org"$/],
    [{ ...s3, IMGWIRE_S3_ENDPOINT: 'http://key:secret@s3.example.org' }, /for IMGWIRE_S3_ENDPOINT but received/],
    [{ ...s3, IMGWIRE_S3_BUCKET: 'a/b' }, /for IMGWIRE_S3_BUCKET but received "a\/b"$/],
  ];
  for (const [env, message] of wrong) assert.throws(() => readConfig(env), { name: 'ConfigError', message });
});
