import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { documentedSettings, host, startNginx } from '../helpers/nginx.ts';
import { photo } from '../helpers/photo.ts';
import { freePort } from '../helpers/ports.ts';
import { startService } from '../helpers/service.ts';

/*
 * The service behind a real nginx, configured as in docs/deployment.md: under a path, with TLS and a cache.
 */

const port = await freePort();
const service = await startService({ after }, { env: await documentedSettings(port) });
const ca = await readFile(await startNginx({ after }, { port, upstream: service.http }));
const picture = await photo(900, 600);
const { location, json: stored } = await upload(picture);

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface AskOptions extends Pick<RequestOptions, 'method'> {
  headers?: Record<string, string>;
  body?: Buffer;
}

function ask(path: string, { body, ...options }: AskOptions = {}): Promise<Answer> {
  const headers = { Host: `${host}:${port}`, ...(body && { 'Content-Length': body.length }), ...options.headers };
  return new Promise((resolve, reject) => {
    request({ ...options, headers, host: '127.0.0.1', port, path, ca, servername: host, agent: false }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
        reject,
      );
    })
      .on('error', reject)
      // The connection may end while the rest of a refused body is still being sent, after the answer.
      .on('socket', (socket) => socket.on('error', reject))
      .end(body);
  });
}

async function upload(body: Buffer) {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const answer = await ask('/media/images', { method: 'POST', headers, body });
  const location = String(answer.headers.location);
  return { ...answer, location, json: JSON.parse(String(answer.body)) };
}

const statusOf = ({ headers }: Answer) => headers['x-cache-status'];

test('Location leads to the stored image, byte for byte', async () => {
  assert.equal(location, `/media/images/${stored.image_id}`);
  const answer = await ask(location);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, picture);
  assert.equal(statusOf(await ask(location)), 'HIT');
});

test('URLs of variants are public, and lead to them', async () => {
  const body = Buffer.from('{"format":"webp","variants":[{"width":90},{"width":180}]}');
  const headers = { 'Content-Type': 'application/json' };
  const { variants } = JSON.parse(
    String((await ask(`${location}/variants`, { method: 'POST', headers, body })).body),
  ) as { variants: { url: string }[] };
  for (const [index, { url }] of variants.entries()) {
    assert.ok(url.startsWith(`https://${host}:${port}${location}?`), url);
    const { width } = await sharp((await ask(url.slice(new URL(url).origin.length))).body).metadata();
    assert.equal(width, 90 * (index + 1));
  }
});

test('the cache separates the results of format=auto by Accept', async () => {
  const path = `${location}?width=300&format=auto`;
  for (const status of ['MISS', 'HIT']) {
    for (const type of ['image/webp', 'image/avif', 'image/jpeg']) {
      const answer = await ask(path, { headers: { Accept: type } });
      assert.deepEqual([answer.headers['content-type'], statusOf(answer)], [type, status]);
      assert.equal(answer.headers.vary, 'Accept');
    }
  }
});

test('serves a part of an image before and after it is cached', async () => {
  const image = await photo(640, 480);
  const { location } = await upload(image);
  for (const status of ['MISS', 'HIT']) {
    const answer = await ask(location, { headers: { Range: 'bytes=100-199' } });
    assert.deepEqual([answer.status, statusOf(answer)], [206, status]);
    assert.equal(answer.headers['content-range'], `bytes 100-199/${image.length}`);
    assert.deepEqual(answer.body, image.subarray(100, 200));
  }
});

test('answers 304 from the cache, and through it', async () => {
  const path = `${location}?width=120`;
  const { headers } = await ask(path);
  const again = await ask(path, { headers: { 'If-None-Match': String(headers.etag) } });
  assert.deepEqual([again.status, statusOf(again), again.body.length], [304, 'HIT', 0]);
  const page = await ask('/media/');
  const unchanged = await ask('/media/', { headers: { 'If-None-Match': String(page.headers.etag) } });
  assert.deepEqual([unchanged.status, unchanged.body.length], [304, 0]);
});

test('HEAD returns the size', async () => {
  for (const path of [location, `${location}?width=130`]) {
    const { body } = await ask(path);
    const head = await ask(path, { method: 'HEAD' });
    assert.deepEqual([head.status, Number(head.headers['content-length']), head.body.length], [200, body.length, 0]);
    assert.equal(head.headers['cross-origin-resource-policy'], 'cross-origin');
  }
});

test('problems pass unchanged and are not cached', async () => {
  const path = `/media/images/${'0'.repeat(64)}`;
  for (let count = 0; count < 2; count += 1) {
    const answer = await ask(path);
    assert.deepEqual([answer.status, statusOf(answer)], [404, 'MISS']);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(String(answer.body)).code, 'not_found');
  }
  const page = await ask(path, { headers: { Accept: 'text/html' } });
  assert.match(String(page.body), /<a href="\.\.\/">/);
});

test('requests with a key bypass the cache', async () => {
  const path = `${location}?width=140`;
  const headers = { Authorization: 'Bearer key' };
  for (let count = 0; count < 2; count += 1) assert.equal(statusOf(await ask(path, { headers })), 'BYPASS');
  assert.equal(statusOf(await ask(path)), 'MISS');
});

test('a large upload passes, and the service rejects one over the limit', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const image = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#fff', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  assert.ok(image.length > 25_000_000);
  const { status, json } = await upload(image);
  assert.deepEqual([status, json.size], [201, image.length]);
  const refused = await upload(Buffer.alloc(33_554_433));
  assert.deepEqual([refused.status, refused.json.code], [413, 'too_large']);
});

test('rejects hosts other than the public one', async () => {
  const answer = await ask('/media/images', { headers: { Host: 'evil.example' } });
  assert.deepEqual([answer.status, JSON.parse(String(answer.body)).code], [403, 'forbidden']);
});

test('redirects the path without its slash to the page', async () => {
  const { status, headers } = await ask('/media');
  assert.deepEqual([status, headers.location], [301, `https://${host}:${port}/media/`]);
});
