import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { startWorker } from '../helpers/worker-process.ts';

const refusing = { NODE_OPTIONS: `--import ${new URL('../helpers/refuse-sdk.mjs', import.meta.url)}` };

test('loads the AWS SDK only if the store is a bucket', async (t) => {
  const service = await startService(t, { env: { ...refusing, IMGWIRE_STORE: 'fs', IMGWIRE_WORKERS: '1' } });
  const body = new Uint8Array(await photo(64, 48));
  const headers = { 'content-type': 'image/jpeg' };
  assert.equal((await fetch(`${service.http}/images`, { method: 'POST', headers, body })).status, 201);
  const worker = await startWorker({ env: { ...refusing, IMGWIRE_STORE: 's3', IMGWIRE_S3_BUCKET: 'images' } });
  closeWith(t, () => worker.stop());
  assert.deepEqual(worker.first, { type: 'failed', message: 'the SDK was loaded' });
});
