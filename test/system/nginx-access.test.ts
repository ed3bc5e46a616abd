import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { documentedSettings, startNginx } from '../helpers/nginx.ts';
import { photo } from '../helpers/photo.ts';
import { freePort } from '../helpers/ports.ts';
import { startService } from '../helpers/service.ts';
import { signatureOf } from '../helpers/signing.ts';

const signingKey = '42061843b67eb85fae3702e8bb2c3c47e5ad356d47c3b827112b7d681759e1fc';
const headers = { Authorization: 'Bearer key-of-a-back-end', 'Content-Type': 'application/octet-stream' };
const hash = createHash('sha256').update('key-of-a-back-end').digest('hex');

for (const stripsPath of [true, false]) {
  test(`keys and signatures work if nginx ${stripsPath ? 'strips the path' : 'passes the path on'}`, async (t) => {
    const port = await freePort();
    const keys = { IMGWIRE_API_KEYS: `backend:read+write:${hash}`, IMGWIRE_SIGNING_KEYS: signingKey };
    const service = await startService(t, { env: { ...(await documentedSettings(port)), ...keys } });
    await startNginx(t, { port, upstream: service.http, tls: false, stripsPath });
    const url = `http://127.0.0.1:${port}/media/images`;
    const get = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(url + path, init);
      await response.arrayBuffer();
      return [response.status, response.headers.get('x-cache-status')];
    };

    const upload = { method: 'POST', body: new Uint8Array(await photo(90, 60)) };
    assert.equal((await fetch(url, upload)).status, 401);
    const { image_id } = (await (await fetch(url, { ...upload, headers })).json()) as { image_id: string };

    const path = `/${image_id}?width=30`;
    for (let count = 0; count < 2; count += 1) assert.deepEqual(await get(path, { headers }), [200, 'BYPASS']);
    assert.equal((await get(path))[0], 401);

    const signature = signatureOf(signingKey, `/images/${image_id}`, { width: '30' });
    for (const status of ['MISS', 'HIT']) assert.deepEqual(await get(`${path}&signature=${signature}`), [200, status]);
    assert.equal((await get(`/${image_id}?width=31&signature=${signature}`))[0], 403);
  });
}
