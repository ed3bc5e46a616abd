import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { blue, distance, green, pixelsOf, plain, quarters, red, svg, truncated, white } from '../helpers/images.ts';
import { startService } from '../helpers/service.ts';

const immutable = 'public, max-age=31536000, immutable';
const notStored = 'f'.repeat(64);

const service = await startService({ after }, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_MAX_UPLOAD_BYTES: '2000000' } });
const photo = await (await quarters(1440, 960)).jpeg({ quality: 90 }).toBuffer();
const photoId = sha256(photo);

before(async () => {
  const response = await upload(photo, 'image/jpeg');
  assert.equal(response.status, 201);
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const get = (path: string, headers: Record<string, string> = {}) => fetch(service.http + path, { headers });

function upload(image: Buffer, type = 'application/octet-stream'): Promise<Response> {
  return fetch(`${service.http}/images`, { method: 'POST', headers: { 'Content-Type': type }, body: image });
}

function uploadForm(image: Buffer): Promise<Response> {
  const form = new FormData();
  form.append('image', new File([image], 'photo.jpg', { type: 'image/jpeg' }));
  return fetch(`${service.http}/images`, { method: 'POST', body: form });
}

/** As MIME libraries write a form, in lines of 76 characters. */
function uploadMail(image: Buffer): Promise<Response> {
  const lines = image.toString('base64').match(/.{1,76}/g) ?? [];
  const part = ['--x', 'Content-Disposition: form-data; name="image"', 'Content-Transfer-Encoding: Base64', ''];
  const headers = { 'Content-Type': 'multipart/form-data; boundary="x"' };
  const body = [...part, ...lines, '', '--x--', ''].join('\r\n');
  return fetch(`${service.http}/images`, { method: 'POST', headers, body });
}

async function refused(response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const problem = (await response.json()) as Record<string, unknown>;
  assert.equal(response.status, status, JSON.stringify(problem));
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('x-request-id'), problem.request_id);
  assert.equal(problem.status, status);
  assert.equal(problem.code, code);
  assert.ok(problem.title && problem.detail);
  return problem;
}

async function listed(): Promise<string[]> {
  const { images } = (await (await get('/images?limit=1000')).json()) as { images: { image_id: string }[] };
  return images.map(({ image_id }) => image_id);
}

test('an upload is identified by its hash and stored once, however it is sent', async () => {
  const image = await plain(60, 40, red).png().toBuffer();
  const first = await upload(image);
  assert.equal(first.status, 201);
  assert.equal(first.headers.get('location'), `/images/${sha256(image)}`);
  const { request_id, ...reply } = (await first.json()) as Record<string, unknown>;
  assert.equal(request_id, first.headers.get('x-request-id'));
  const expected = {
    status: 'success',
    message: 'Image uploaded successfully',
    image_id: sha256(image),
    format: 'png',
    media_type: 'image/png',
    width: 60,
    height: 40,
    size: image.length,
  };
  assert.deepEqual(reply, { ...expected, created: true });

  for (const again of [await upload(image, 'image/png'), await uploadForm(image), await uploadMail(image)]) {
    assert.equal(again.status, 200);
    const { request_id: _, ...repeated } = (await again.json()) as Record<string, unknown>;
    assert.deepEqual(repeated, { ...expected, created: false });
  }
  assert.equal((await listed()).filter((id) => id === sha256(image)).length, 1);
});

test('serves an image byte for byte, with immutable caching', async () => {
  const response = await get(`/images/${photoId}`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'image/jpeg');
  assert.equal(response.headers.get('etag'), `"${photoId}"`);
  assert.equal(response.headers.get('cache-control'), immutable);
  assert.equal(response.headers.get('accept-ranges'), 'bytes');
  assert.match(String(response.headers.get('content-security-policy')), /sandbox/);
  assert.deepEqual(await bytesOf(response), photo);
});

test('HEAD has the headers of GET and no body', async () => {
  for (const path of [`/images/${photoId}`, `/images/${photoId}?w=100&f=png`]) {
    const head = await fetch(service.http + path, { method: 'HEAD' });
    const full = await get(path);
    assert.equal(head.status, 200);
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'accept-ranges']) {
      assert.equal(head.headers.get(name), full.headers.get(name), name);
    }
    assert.equal((await bytesOf(head)).length, 0);
    assert.equal((await bytesOf(full)).length, Number(head.headers.get('content-length')));
  }
  assert.equal((await fetch(`${service.http}/images/${notStored}`, { method: 'HEAD' })).status, 404);
});

test('serves a Range with 206', async () => {
  const size = photo.length;
  for (const [range, start, end] of [
    ['bytes=0-0', 0, 1],
    ['bytes=10-99', 10, 100],
    ['bytes=100-', 100, size],
    ['bytes=-5', size - 5, size],
    [`bytes=-${size * 2}`, 0, size],
    [`bytes=${size - 1}-${size * 2}`, size - 1, size],
    ['bytes=10-9223372036854775807', 10, size],
    [`bytes=0-${'9'.repeat(400)}`, 0, size],
    ['bytes=-18446744073709551615', 0, size],
    ['bytes= 10-99 ', 10, 100],
    ['Bytes=,10-99, ,', 10, 100],
  ] as const) {
    const response = await get(`/images/${photoId}`, { Range: range });
    assert.equal(response.status, 206, range);
    assert.equal(response.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`, range);
    assert.equal(response.headers.get('etag'), `"${photoId}"`);
    assert.deepEqual(await bytesOf(response), photo.subarray(start, end), range);
  }
});

test('ignores an invalid Range or one of several parts', async () => {
  for (const range of [
    'bytes=5-2',
    'bytes=-',
    'bytes=a-b',
    'lines=1-2',
    'bytes=0-1,4-5',
    'bytes',
    'bytes=,',
    'bytes=1 -2',
  ]) {
    const response = await get(`/images/${photoId}`, { Range: range });
    assert.equal(response.status, 200, range);
    assert.deepEqual(await bytesOf(response), photo, range);
  }
});

test('answers a Range beyond the image with 416', async () => {
  for (const range of [`bytes=${photo.length}-`, 'bytes=-0', 'bytes=999999999-', 'bytes=18446744073709551615-']) {
    const response = await get(`/images/${photoId}`, { Range: range });
    assert.equal(response.headers.get('content-range'), `bytes */${photo.length}`);
    assert.equal((await refused(response, 416, 'invalid_request')).parameter, 'Range');
  }
});

test('honours Range only if If-Range matches', async () => {
  const status = async (value: string) =>
    (await get(`/images/${photoId}`, { Range: 'bytes=0-9', 'If-Range': value })).status;
  assert.equal(await status(`"${photoId}"`), 206);
  assert.equal(await status(`W/"${photoId}"`), 200);
  assert.equal(await status(`"${notStored}"`), 200);
  assert.equal(await status(new Date().toUTCString()), 200);
});

test('answers a matching If-None-Match with 304', async () => {
  const { headers } = await get(`/images/${photoId}?w=50`);
  const variantTag = String(headers.get('etag'));
  assert.match(variantTag, /^"[\w-]+"$/);
  for (const [path, tag] of [
    [`/images/${photoId}`, `"${photoId}"`],
    [`/images/${photoId}?width=50`, variantTag],
  ] as const) {
    for (const value of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const response = await get(path, { 'If-None-Match': value });
      assert.equal(response.status, 304, value);
      assert.equal(response.headers.get('etag'), tag);
      assert.equal(response.headers.get('cache-control'), immutable);
      assert.equal((await bytesOf(response)).length, 0);
    }
    assert.equal((await get(path, { 'If-None-Match': '"other"' })).status, 200);
    const missing = path.replace(photoId, notStored);
    await refused(await get(missing, { 'If-None-Match': '*' }), 404, 'not_found');
  }
});

test('an ETag identifies the image and all its parameters', async () => {
  const tag = async (query: string) => (await get(`/images/${photoId}?${query}`)).headers.get('etag');
  const [one, same, inOtherOrder, other] = [
    await tag('w=40&h=30'),
    await tag('width=40&height=30&fit=cover'),
    await tag('h=30&w=40'),
    await tag('w=41&h=30'),
  ];
  assert.equal(one, same);
  assert.equal(one, inOtherOrder);
  assert.notEqual(one, other);
});

test('resizes an image to a width of 720 as webp', async () => {
  const response = await get(`/images/${photoId}?width=720&format=webp`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'image/webp');
  assert.equal(response.headers.get('cache-control'), immutable);
  const image = await bytesOf(response);
  const { format, width, height } = await sharp(image).metadata();
  assert.deepEqual({ format, width, height }, { format: 'webp', width: 720, height: 480 });
  const { at } = await pixelsOf(image);
  for (const [x, y, colour] of [
    [180, 120, red],
    [540, 120, green],
    [540, 360, blue],
    [180, 360, white],
  ] as const) {
    assert.ok(distance(at(x, y), colour) < 12, `${at(x, y)} at ${x},${y}`);
  }
});

test('download sets the filename, with any characters', async () => {
  const named = async (name: string) => {
    const response = await get(`/images/${photoId}?download=${encodeURIComponent(name)}`);
    assert.equal(response.status, 200);
    assert.deepEqual(await bytesOf(response), photo);
    return response.headers.get('content-disposition');
  };
  assert.equal(await named('photo.jpg'), 'attachment; filename=photo.jpg');
  assert.equal(await named('a "b".jpg'), 'attachment; filename="a \\"b\\".jpg"');
  assert.match(
    String(await named('žluť €.jpg')),
    /^attachment; filename="[^"]*"; filename\*=UTF-8''%C5%BElu%C5%A5%20%E2%82%AC\.jpg$/,
  );
  const variant = await get(`/images/${photoId}?w=10&download=small.jpg`);
  assert.equal(variant.headers.get('content-disposition'), 'attachment; filename=small.jpg');
  assert.equal((await get(`/images/${photoId}?w=10`)).headers.get('content-disposition'), null);
});

test('info describes an image', async () => {
  const response = await get(`/images/${photoId}/info`);
  assert.equal(response.status, 200);
  const { format, media_type, width, height, size, frames } = (await response.json()) as Record<string, unknown>;
  assert.deepEqual(
    { format, media_type, width, height, size, frames },
    { format: 'jpeg', media_type: 'image/jpeg', width: 1440, height: 960, size: photo.length, frames: 1 },
  );
});

test('list pages through every image once', async () => {
  for (let width = 1; width <= 5; width++) await upload(await plain(width, 1, blue).png().toBuffer());
  const all = await listed();
  assert.ok(all.length >= 6);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await (await get(`/images?limit=2${query}`)).json()) as {
      images: { image_id: string; size: number; created_at: string }[];
      next_cursor?: string;
    };
    assert.ok(page.images.length <= 2);
    for (const { image_id, size, created_at } of page.images) {
      assert.ok(size > 0 && !Number.isNaN(Date.parse(created_at)));
      seen.push(image_id);
    }
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  assert.deepEqual(seen.sort(), all.sort());
});

test('a deleted image is gone', async () => {
  const image = await plain(7, 7, green).png().toBuffer();
  const path = `/images/${sha256(image)}`;
  await upload(image);
  const response = await fetch(service.http + path, { method: 'DELETE' });
  assert.equal(response.status, 204);
  assert.equal((await bytesOf(response)).length, 0);
  for (const gone of [path, `${path}?w=5`, `${path}/info`]) await refused(await get(gone), 404, 'not_found');
  assert.equal((await upload(image)).status, 201);
});

test('POST /resize answers with the image and keeps nothing', async () => {
  const image = await (await quarters(200, 100)).png().toBuffer();
  const earlier = await listed();
  const form = new FormData();
  form.append('image', new File([image], 'x.png'));
  for (const init of [{ body: image, headers: { 'Content-Type': 'image/png' } }, { body: form }] as RequestInit[]) {
    const response = await fetch(`${service.http}/resize?w=50&f=avif`, { method: 'POST', ...init });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'image/avif');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('etag'), null);
    const made = await bytesOf(response);
    const { width, height } = await sharp(made).metadata();
    assert.deepEqual({ width, height }, { width: 50, height: 25 });
    await refused(await get(`/images/${sha256(made)}`), 404, 'not_found');
  }
  assert.deepEqual(await listed(), earlier);
});

test('serves an SVG sandboxed, without scripts', async () => {
  const { image_id } = (await (await upload(svg, 'image/svg+xml')).json()) as { image_id: string };
  const response = await get(`/images/${image_id}`);
  assert.equal(response.headers.get('content-type'), 'image/svg+xml');
  assert.match(String(response.headers.get('content-security-policy')), /default-src 'none'.*sandbox/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal((await get(`/images/${image_id}?w=40`)).headers.get('content-type'), 'image/png');
});

test('rejects and does not store non-images, damaged and too large images', async () => {
  const earlier = await listed();
  await refused(await upload(Buffer.from('hello, this is text')), 415, 'unsupported_format');
  await refused(await uploadForm(Buffer.from('%PDF-1.7 and so on')), 415, 'unsupported_format');
  await refused(await upload(Buffer.alloc(0)), 400, 'invalid_request');
  await refused(await upload(Buffer.alloc(2_000_001)), 413, 'too_large');
  await refused(await uploadForm(Buffer.alloc(2_000_001)), 413, 'too_large');
  const { status } = await fetch(`${service.http}/resize?w=10`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/jpeg' },
    body: truncated(photo),
  });
  assert.equal(status, 422);
  assert.deepEqual(await listed(), earlier);
});

test('an image that is not stored is not found', async () => {
  for (const path of [`/images/${notStored}`, `/images/${notStored}?w=10`, `/images/${notStored}/info`]) {
    await refused(await get(path), 404, 'not_found');
  }
});

test('stores nothing of an aborted upload', async () => {
  const earlier = await listed();
  const { hostname, port } = new URL(service.http);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /images HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: breaks-off\r\nContent-Type: image/jpeg\r\nContent-Length: ${photo.length}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.write(photo.subarray(0, photo.length / 2), resolve));
  socket.destroy();
  const line = await service.waitForLog(({ request_id }) => request_id === 'breaks-off');
  assert.match(line.msg, /dropped/);
  assert.deepEqual(await listed(), earlier);
  assert.deepEqual(await bytesOf(await get(`/images/${photoId}`)), photo);
  assert.equal(service.logs.filter(({ level }) => Number(level) >= 50).length, 0);
});

test("the answer and the gateway's log have the request id", async () => {
  const response = await get(`/images/${photoId}/info`, { 'X-Request-Id': 'my-request-7' });
  assert.equal(response.headers.get('x-request-id'), 'my-request-7');
  assert.equal(((await response.json()) as { request_id: string }).request_id, 'my-request-7');
  const line = await service.waitForLog(({ request_id, part }) => request_id === 'my-request-7' && part === 'gateway');
  assert.equal(line.route, '/images/:image_id/info');
  assert.equal(line.status, 200);
});

test('the service is ready and describes itself', async () => {
  assert.equal((await get('/health')).status, 200);
  assert.equal((await get('/ready')).status, 200);
  const document = (await (await get('/openapi.json')).json()) as { openapi: string };
  assert.equal(document.openapi, '3.1.0');
});
