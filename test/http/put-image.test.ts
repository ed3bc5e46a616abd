import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

const service = await startService({ after });
const image = await photo(64, 48);
const imageId = createHash('sha256').update(image).digest('hex');
const urlOf = (id: string) => `${service.http}/images/${id}`;

function put(id: string, body: Buffer | string, type = 'application/octet-stream') {
  return fetch(urlOf(id), { method: 'PUT', headers: { 'content-type': type }, body: body as string });
}

test('stores a file under its own hash, and is idempotent', async () => {
  const first = await put(imageId, image, 'image/jpeg');
  const { image_id, created, width } = (await first.json()) as Record<string, unknown>;
  assert.deepEqual([first.status, image_id, created, width], [201, imageId, true, 64]);
  const second = await put(imageId, image);
  assert.equal(second.status, 200);
  assert.equal(((await second.json()) as { created: boolean }).created, false);
  assert.ok(Buffer.from(await (await fetch(urlOf(imageId))).arrayBuffer()).equals(image));
});

test('accepts a body without Content-Type, as curl -T sends it', async () => {
  const other = await photo(40, 30);
  const otherId = createHash('sha256').update(other).digest('hex');
  // fetch adds a type only to text.
  const response = await fetch(urlOf(otherId), { method: 'PUT', body: other as never });
  assert.equal(response.status, 201, await response.text());
});

test('rejects a file with another hash, and names both hashes', async () => {
  const other = await photo(32, 24);
  const otherId = createHash('sha256').update(other).digest('hex');
  const wanted = 'a'.repeat(64);
  const response = await put(wanted, other);
  const { code, parameter, detail } = (await response.json()) as Record<string, string>;
  assert.deepEqual([response.status, code, parameter], [400, 'invalid_request', 'image_id']);
  assert.ok(detail?.includes(wanted) && detail.includes(otherId), detail);
  for (const id of [wanted, otherId]) assert.equal((await fetch(urlOf(id))).status, 404);
});

test('rejects a non-image, a form, an invalid id and a query', async () => {
  const text = 'no image';
  const textId = createHash('sha256').update(text).digest('hex');
  assert.equal((await put(textId, text)).status, 415);
  for (const type of ['multipart/form-data; boundary=x', 'Multipart/Form-Data; boundary=x']) {
    const form = await put(imageId, image, type);
    assert.equal(form.status, 415);
    assert.match(await form.text(), /Expected the bytes of the image alone/);
  }
  assert.equal((await put('photo', image)).status, 400);
  assert.equal((await put(`${imageId}?width=3`, image)).status, 400);
});
