import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { startNginx } from '../helpers/nginx.ts';
import { photo } from '../helpers/photo.ts';
import { freePort } from '../helpers/ports.ts';
import { startService } from '../helpers/service.ts';

/** The built client. */
const { createClient } = await import(String(new URL('../../dist/client/index.js', import.meta.url)));
const picture = await photo(900, 600);

for (const stripsPath of [true, false]) {
  test(`imgwire/client works with a base URL under a path that is ${stripsPath ? 'stripped' : 'passed on'}`, async (t) => {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}/media`;
    for (const IMGWIRE_PUBLIC_URL of stripsPath ? ['', '/media', baseUrl] : ['/media', baseUrl]) {
      await t.test(`IMGWIRE_PUBLIC_URL=${IMGWIRE_PUBLIC_URL}`, async (t) => {
        const service = await startService(t, { env: { IMGWIRE_PUBLIC_URL } });
        await startNginx(t, { port, upstream: service.http, tls: false, stripsPath });
        const client = createClient({ baseUrl: `${baseUrl}/` });
        const { image_id } = await client.upload(picture);
        const { width } = await client.info(image_id);
        assert.equal(width, 900);
        assert.equal((await client.list().next()).value?.image_id, image_id);
        const [variant] = await client.variants(image_id, [{ width: 320 }]);
        for (const url of [client.url(image_id, { width: 320 }), String(variant?.url)]) {
          assert.ok(url.startsWith(`${baseUrl}/images/${image_id}?`), url);
          const { width } = await sharp(Buffer.from(await (await fetch(url)).arrayBuffer())).metadata();
          assert.equal(width, 320);
        }
        await client.delete(image_id);
        await assert.rejects(client.info(image_id), { code: 'not_found' });
      });
    }
  });
}
