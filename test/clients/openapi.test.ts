import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import createClient from 'openapi-fetch';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { generateTypes } from './openapi/generate.ts';
import type { components, paths } from './openapi/schema.d.ts';

/*
 * A client that knows the service only by its OpenAPI document: every path, parameter, body and answer below is checked
 * against the types generated from it.
 */

type Problem = components['schemas']['Problem'];

const service = await startService({ after }, { env: { IMGWIRE_MAX_UPLOAD_BYTES: '2000000' } });
const client = createClient<paths>({ baseUrl: service.http });
const bytes = await photo(600, 400);
const file = new File([new Uint8Array(bytes)], 'photo.jpg', { type: 'image/jpeg' });
const image_id = createHash('sha256').update(bytes).digest('hex');
const path = { image_id };

function formOf(body: Record<string, Blob> | Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.set(name, value);
  return form;
}

test('test/clients/openapi/schema.d.ts matches the document; npm run docs updates it', async () => {
  const document = JSON.parse(await readFile(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'));
  const written = await readFile(new URL('openapi/schema.d.ts', import.meta.url), 'utf8');
  assert.equal(written, await generateTypes(document));
});

test('a generated client: completes the life cycle of an image', async () => {
  const { data: stored, response } = await client.POST('/images', {
    body: { image: file },
    bodySerializer: formOf,
  });
  assert.equal(response.status, 201);
  assert.equal(stored?.image_id, image_id);
  assert.equal(stored.created, true);
  assert.deepEqual([stored.format, stored.width, stored.height, stored.size], ['jpeg', 600, 400, bytes.length]);

  const { data: again } = await client.PUT('/images/{image_id}', {
    params: { path },
    body: file,
    bodySerializer: (body) => body,
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  assert.equal(again?.created, false);

  const { data: page } = await client.GET('/images', { params: { query: { limit: 1 } } });
  assert.deepEqual(
    page?.images.map((image) => image.image_id),
    [image_id],
  );
  assert.equal(page.next_cursor, undefined);

  const { data: info } = await client.GET('/images/{image_id}/info', { params: { path } });
  assert.deepEqual([info?.format, info?.width, info?.frames, info?.has_alpha], ['jpeg', 600, 1, false]);

  const original = await client.GET('/images/{image_id}', { params: { path }, parseAs: 'arrayBuffer' });
  assert.deepEqual(Buffer.from(original.data ?? new ArrayBuffer(0)), bytes);

  const etag = original.response.headers.get('etag') ?? '';
  const unchanged = await client.GET('/images/{image_id}', {
    params: { path, header: { 'If-None-Match': etag } },
    parseAs: 'blob',
  });
  assert.equal(unchanged.response.status, 304);

  const { data: small } = await client.GET('/images/{image_id}', {
    params: { path, query: { width: 90, fit: 'inside', format: 'webp', enlarge: false } },
    parseAs: 'blob',
  });
  assert.equal(small?.type, 'image/webp');

  const { data: made } = await client.POST('/resize', {
    params: { query: { width: 30, height: 20, format: 'png' } },
    body: { image: file },
    bodySerializer: formOf,
    parseAs: 'blob',
  });
  assert.equal(made?.type, 'image/png');

  const head = await client.HEAD('/images/{image_id}', { params: { path } });
  assert.equal(head.response.headers.get('content-length'), String(bytes.length));

  const deleted = await client.DELETE('/images/{image_id}', { params: { path } });
  assert.equal(deleted.response.status, 204);
  const gone = await client.GET('/images/{image_id}/info', { params: { path } });
  assert.equal(gone.data, undefined);
  assert.equal(advice(gone.error), 'upload it again');
});

/** Distinguishes errors by code; a misspelt one would not compile. */
function advice(problem: Problem): string {
  switch (problem.code) {
    case 'not_found':
      return 'upload it again';
    case 'invalid_request':
      return `correct ${problem.parameter}`;
    case 'too_large':
      return 'make it smaller';
    default:
      return problem.detail;
  }
}

test('a generated client: distinguishes errors by code', async () => {
  const wrong = await client.GET('/images', { params: { query: { limit: 0 } } });
  assert.equal(wrong.error && advice(wrong.error), 'correct limit');
  const large = await client.POST('/images', {
    body: { image: new Blob([new Uint8Array(2_000_001)]) },
    bodySerializer: formOf,
  });
  assert.equal(large.error && advice(large.error), 'make it smaller');
  assert.equal(large.error?.request_id, large.response.headers.get('x-request-id'));
});

test('a generated client: does not compile with anything undocumented', () => {
  const calls = [
    // @ts-expect-error: no such format
    () => client.GET('/images/{image_id}', { params: { path, query: { format: 'bmp' } } }),
    // @ts-expect-error: no such parameter
    () => client.GET('/images', { params: { query: { page: 2 } } }),
    // @ts-expect-error: no such code
    (problem: Problem) => problem.code === 'gone',
  ];
  assert.equal(calls.length, 3);
});
