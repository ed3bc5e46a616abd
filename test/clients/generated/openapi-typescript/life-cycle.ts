import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import createClient from 'openapi-fetch';
import type { paths } from './schema';

const [baseUrl = '', photo = '', other = '', otherId = '', folder = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl });

const { data: stored } = await client.POST('/images', {
  body: { image: new File([await readFile(photo)], 'photo.jpg') },
  bodySerializer({ image }) {
    const form = new FormData();
    form.set('image', image);
    return form;
  },
});
assert.ok(stored?.created);
assert.deepEqual([stored.width, stored.format], [1200, 'jpeg']);
const params = { path: { image_id: stored.image_id } };

const { data: put } = await client.PUT('/images/{image_id}', {
  params: { path: { image_id: otherId } },
  body: new Blob([await readFile(other)]),
  bodySerializer: (body) => body,
  headers: { 'Content-Type': 'application/octet-stream' },
});
assert.deepEqual([put?.created, put?.image_id], [true, otherId]);

const image = '/images/{image_id}';
const original = await client.GET(image, { params, parseAs: 'arrayBuffer' });
await writeFile(join(folder, 'original'), Buffer.from(original.data ?? new ArrayBuffer(0)));
const query = { width: 300, format: 'webp' } as const;
const resized = await client.GET(image, { params: { ...params, query }, parseAs: 'arrayBuffer' });
await writeFile(join(folder, 'resized'), Buffer.from(resized.data ?? new ArrayBuffer(0)));

const { data: info } = await client.GET('/images/{image_id}/info', { params });
assert.deepEqual([info?.width, info?.height, info?.frames, info?.has_alpha], [1200, 900, 1, false]);

const { data: page } = await client.GET('/images');
assert.deepEqual(page?.images.map(({ image_id }) => image_id).sort(), [stored.image_id, otherId].sort());

const variants = [{ width: 100 }, { width: 200, height: 200 }];
const { data: reply } = await client.POST('/images/{image_id}/variants', {
  params,
  body: { format: 'webp', fit: 'inside', variants },
});
assert.deepEqual(
  reply?.variants.map(({ format, width, height }) => [format, width, height]),
  [
    ['webp', 100, 75],
    ['webp', 200, 150],
  ],
);

const refused = await client.GET(image, { params: { ...params, query: { background: 'no-colour' } } });
assert.deepEqual([refused.error?.code, refused.error?.parameter], ['invalid_request', 'background']);

const deleted = await client.DELETE(image, { params });
assert.equal(deleted.response.status, 204);
const missing = await client.GET(image, { params });
assert.deepEqual([missing.response.status, missing.error?.code], [404, 'not_found']);
