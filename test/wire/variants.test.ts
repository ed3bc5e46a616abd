import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { transformations } from '../helpers/transformations.ts';
import { connectZmq, type ZmqClient } from '../helpers/zmq-client.ts';

const picture = await photo(1203, 801);
const imageId = createHash('sha256').update(picture).digest('hex');
let service: Service;
let client: ZmqClient;

before(async (t) => {
  const owner = t as unknown as { after(close: () => unknown): void };
  service = await startService(owner, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_PRESETS: 'grey:grayscale=true' } });
  client = connectZmq(owner, service.zmq);
  await client.call({ operation: 'upload' }, picture);
});

const sets = [
  { width: 160 },
  { w: 320, f: 'webp' },
  { width: 500, height: 500, position: 'right' },
  { height: 100, format: 'png' },
  { width: 90, height: 90, fit: 'contain', background: 'red' },
  { width: 80, height: 80, position: 'attention' },
];
const sizes = [
  ['jpeg', 160, 107],
  ['webp', 320, 213],
  ['jpeg', 500, 500],
  ['png', 150, 100],
  ['jpeg', 90, 90],
  ['jpeg', 80, 80],
];

async function postVariants(body: unknown, headers = { 'content-type': 'application/json' }) {
  const response = await fetch(`${service.http}/images/${imageId}/variants`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

interface Made {
  url?: string;
  format: string;
  media_type: string;
  width: number;
  height: number;
  size: number;
}

test('returns variants of a sent image as frames, with the same bytes as single requests', async () => {
  const { json, frames } = await client.call(
    { operation: 'resize', variants: sets, transfer_encoding: 'binary' },
    picture,
  );
  const made = json.variants as Made[];
  assert.deepEqual(
    made.map(({ format, width, height }) => [format, width, height]),
    sizes,
  );
  assert.equal(frames.length, 1 + sets.length);
  for (const [index, set] of sets.entries()) {
    const image = frames[index + 1] as Buffer;
    const alone = await client.call({ operation: 'resize', ...set, transfer_encoding: 'binary' }, picture);
    const { width, height, format } = await sharp(image).metadata();
    assert.deepEqual([format, width, height], sizes[index]);
    assert.deepEqual([alone.json.format, alone.json.width, alone.json.height], sizes[index]);
    assert.equal(made[index]?.size, image.length);
    assert.deepEqual(image, alone.image, `set ${index}`);
  }
});

test('returns variants in base64 as an array, cached or not, and applies shared parameters to all', async () => {
  const resizeRequest = {
    operation: 'resize',
    image_id: imageId,
    format: 'webp',
    variants: [{ width: 33 }, { width: 44, format: 'png' }],
  };
  const first = await client.call(resizeRequest);
  const again = await client.call({ ...resizeRequest, transfer_encoding: 'binary' });
  assert.equal(first.frames.length, 1);
  const images = (first.json.image_data as string[]).map((text) => Buffer.from(text, 'base64'));
  assert.deepEqual(images, again.frames.slice(1));
  assert.deepEqual(
    (first.json.variants as Made[]).map(({ format, width }) => [format, width]),
    [
      ['webp', 33],
      ['png', 44],
    ],
  );
});

test('over HTTP, makes variants in advance: their URLs are served from the cache', async () => {
  const { status, json } = await postVariants({ f: 'webp', variants: [{ width: 111 }, { w: 222, quality: 50 }, {}] });
  assert.equal(status, 200);
  assert.equal(json.image_id, imageId);
  const before = (await transformations(service)).length;
  const made = json.variants as Made[];
  assert.deepEqual(
    made.map(({ url, width }) => [url, width]),
    [
      [`/images/${imageId}?width=111&format=webp`, 111],
      [`/images/${imageId}?width=222&format=webp&quality=50`, 222],
      [`/images/${imageId}?format=webp`, 1203],
    ],
  );
  for (const { url, media_type, size, width } of made) {
    const response = await fetch(service.http + url);
    const image = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get('content-type'), media_type);
    assert.equal(image.length, size);
    assert.equal((await sharp(image).metadata()).width, width);
  }
  assert.equal((await transformations(service)).length, before);
});

test('the URL of a variant works with any parameters', async () => {
  const variants = [
    { width: 90, height: 90, fit: 'contain', background: 'red' },
    { width: 40, tint: '#ff880080' },
    { width: 41, pad: 4, background: 'rgb(1 2 3 / 0.0000001)', format: 'png' },
    { width: 42, crop: [10, 20, 300, 200] },
    { width: 43, dpr: 1.5, rotate: -90 },
    { width: 44, preset: 'grey' },
    { width: 44, preset: 'grey', grayscale: false },
  ];
  const { status, json } = await postVariants({ variants });
  assert.equal(status, 200, JSON.stringify(json));
  for (const [index, { url, size }] of (json.variants as Made[]).entries()) {
    const response = await fetch(service.http + url);
    assert.equal(response.status, 200, url);
    const image = Buffer.from(await response.arrayBuffer());
    assert.equal(image.length, size, url);
    const alone = await client.call({
      operation: 'resize',
      image_id: imageId,
      transfer_encoding: 'binary',
      ...variants[index],
    });
    assert.deepEqual(image, alone.image, url);
  }
});

test('makes only missing variants', async () => {
  await client.call({ operation: 'resize', image_id: imageId, width: 71 });
  const both = { operation: 'resize', image_id: imageId, variants: [{ width: 71 }, { width: 72 }] };
  const before = (await transformations(service)).length;
  await client.call(both);
  await client.call(both);
  assert.equal((await transformations(service)).length, before + 1);
});

test('names an invalid variant at both doors', async () => {
  for (const [variants, parameter] of [
    [[{ width: 1 }, { width: 'abc' }], 'variants[1].width'],
    [[{ widht: 1 }], 'variants[0].widht'],
    [[{ width: 1, w: 1 }], 'variants[0].width'],
    [[{ variants: [] }], 'variants[0].variants'],
    [[1], 'variants[0]'],
    [[{}, [{ width: 1 }]], 'variants[1]'],
    [[], 'variants'],
    ['all', 'variants'],
    [Array(21).fill({}), 'variants'],
    [
      [{ width: 10 }, { height: 10 }, { position: 'entropy', fit: 'contain', width: 1, height: 1 }],
      'variants[2].position',
    ],
  ] as const) {
    const { json } = await client.call({ operation: 'resize', image_id: imageId, variants });
    assert.deepEqual([json.code, json.parameter], ['invalid_request', parameter]);
    const http = await postVariants({ variants });
    assert.deepEqual([http.status, http.json.parameter], [400, parameter]);
    assert.equal(http.json.detail, json.message);
  }
});

test('ignores a byte order mark before the body', async () => {
  const { status, json } = await postVariants('\uFEFF{"variants":[{"width":3}]}');
  assert.equal(status, 200, JSON.stringify(json));
});

test('rejects an invalid body', async () => {
  const refused = async (body: unknown, headers?: { 'content-type': string }) => {
    const { status, json } = await postVariants(body, headers);
    return [status, json.code, json.parameter];
  };
  assert.deepEqual(await refused('{'), [400, 'invalid_request', undefined]);
  assert.deepEqual(await refused('[]'), [400, 'invalid_request', undefined]);
  assert.deepEqual(await refused({}), [400, 'invalid_request', 'variants']);
  assert.deepEqual(await refused({ variants: [{}], image_id: imageId }), [400, 'invalid_request', 'image_id']);
  assert.deepEqual(await refused({ variants: [{}], timeout_ms: 5 }), [400, 'invalid_request', 'timeout_ms']);
  assert.deepEqual(await refused('{}', { 'content-type': 'text/plain' }), [415, 'unsupported_format', 'Content-Type']);
  assert.deepEqual(await refused(' '.repeat(70_000)), [413, 'too_large', undefined]);
});
