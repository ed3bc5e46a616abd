import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { pixelsOf, plain } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

/*
 * Sends each request to both doors of one service.
 */

const presets = 'thumbnail:width=32&height=32&format=webp; auto:format=auto&w=20';
const service = await startService({ after }, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_PRESETS: presets } });
const zmq = connectZmq({ after }, service.zmq);

const picture = await photo(150, 120);
const mark = await plain(10, 10, [255, 0, 0, 255]).png().toBuffer();
const id = createHash('sha256').update(picture).digest('hex');
const markId = createHash('sha256').update(mark).digest('hex');
for (const image of [picture, mark]) await zmq.call({ operation: 'upload' }, image);

type Values = Record<string, unknown>;

interface Outcome {
  code?: unknown;
  parameter?: unknown;
  image?: Buffer;
}

async function overHttp(
  query: string,
  headers: Record<string, string> = {},
): Promise<Outcome & { response: Response }> {
  const response = await fetch(`${service.http}/images/${id}?${query}`, { headers });
  if (response.ok) return { response, image: Buffer.from(await response.arrayBuffer()) };
  const { code, parameter } = (await response.json()) as Values;
  return { response, code, parameter };
}

async function overZmq(parameters: Values): Promise<Outcome> {
  const { json, image } = await zmq.call({
    operation: 'resize',
    image_id: id,
    transfer_encoding: 'binary',
    ...parameters,
  });
  return image === undefined ? { code: json.code, parameter: json.parameter } : { image };
}

const query = (parameters: Values) =>
  String(
    new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)])),
  );

/** Invalid values of each parameter, as in JSON; their text is equally wrong in a query string. */
const wrong: Record<string, unknown[]> = {
  width: [0, 8193, 1.5, 'x'],
  height: [0, 8193, -1, ''],
  dpr: [0.9, 5.1, 'x'],
  fit: ['x', ''],
  position: ['x', 'tile'],
  focus: ['0.5', '0.5,1.1', '-0.1,0', '0,0,0', 'x,y', 0.5],
  enlarge: ['x', 2],
  crop: ['1,2,3', '0,0,0,1', '0,0,1,0', '-1,0,1,1', '1.5,0,1,1', '1,2,3,4,5', '0,0,151,1', '0,120,1,1', 'x', 7],
  trim: [-1, 10, 'x'],
  trim_threshold: [-1, 256, 'x'],
  flip: ['x'],
  flop: ['x'],
  rotate: [361, -361, 'x'],
  background: ['reddish', '', 'ff880', 'gggggg'],
  pad: ['1,2', '1,2,3', '8193', '-1', '1.5', 'x', 8193],
  gamma: [0.9, 3.1],
  grayscale: ['x'],
  median: [1, 26, 2.5],
  threshold: [0, 256, 1.5],
  blur: [0.2, 101],
  brightness: [-0.1, 10.1],
  saturation: [-0.1, 10.1],
  hue: [361, -361, 1.5],
  sharpen: [0, 10.1],
  normalize: ['x'],
  tint: ['reddish'],
  negate: ['x'],
  watermark: ['x', 'A'.repeat(64)],
  watermark_position: ['entropy', 'x'],
  watermark_opacity: [-0.1, 1.1],
  watermark_scale: [0, 1.1],
  format: ['svg', 'bmp', 'AUTO'],
  quality: [0, 101, 1.5],
  lossless: ['x'],
  progressive: ['x'],
  effort: [-1, 11, 0.5],
  max_bytes: [0, 2147483648, 'x', 10],
  animated: ['x'],
  page: [-1, 65536, 1],
  metadata: ['all'],
  preset: ['', 'no such', 'unknown'],
};

test('the list of invalid values covers every parameter', async () => {
  const document = await readFile(new URL('../../docs/parameters.md', import.meta.url), 'utf8');
  assert.deepEqual(
    Object.keys(wrong),
    examplesOf(document).map(({ name }) => name),
  );
});

for (const [name, values] of Object.entries(wrong)) {
  test(`rejects invalid values of ${name} at both doors`, async () => {
    for (const value of values) {
      const expected = { code: 'invalid_request', parameter: name };
      const { response: _, ...http } = await overHttp(query({ [name]: value }));
      assert.deepEqual(http, expected, `HTTP ${value}`);
      assert.deepEqual(await overZmq({ [name]: value }), expected, `ZeroMQ ${value}`);
    }
  });
}

test('names the parameter of a missing watermark', async () => {
  const absent = { watermark: '0'.repeat(64) };
  const { response, ...http } = await overHttp(query(absent));
  assert.equal(response.status, 404);
  assert.deepEqual([http, await overZmq(absent)], Array(2).fill({ code: 'not_found', parameter: 'watermark' }));
});

/** The rows of the table of parameters in docs/parameters.md. */
function examplesOf(document: string): { name: string; example: string }[] {
  const table = /<!-- parameters: .*?<!-- end of parameters -->/s.exec(document)?.[0] ?? '';
  return [...table.matchAll(/^\| `(\w+)`.*?\| `([\w]+=[^`]+)` \| [^|]*\|$/gm)].map(([, name = '', example = '']) => ({
    name,
    example,
  }));
}

const document = await readFile(new URL('../../docs/parameters.md', import.meta.url), 'utf8');

/** Without effect here: the image has no uniform border, no metadata, one frame and no watermark. */
const withoutEffect = new Set([
  'trim',
  'trim_threshold',
  'watermark_position',
  'watermark_opacity',
  'watermark_scale',
  'animated',
  'page',
  'metadata',
]);

for (const { name, example } of examplesOf(document)) {
  test(`the documented example ${example.slice(0, 60)} works, and is the same at both doors`, async () => {
    const queryText = name === 'watermark' ? `watermark=${markId}` : example;
    const { response, image } = await overHttp(queryText);
    assert.equal(response.status, 200, queryText);
    const typed = Object.fromEntries([...new URLSearchParams(queryText)].map(([key, text]) => [key, typedOf(text)]));
    assert.deepEqual((await overZmq(typed)).image, image);
    assert.ok(image && (await sharp(image).metadata()).width);
    const base = await overHttp(`${withoutLast(queryText)}&metadata=strip`);
    const isSame = Buffer.compare(image as Buffer, base.image as Buffer) === 0;
    assert.equal(isSame, withoutEffect.has(name), name);
  });
}

const withoutLast = (text: string) => text.split('&').slice(0, -1).join('&');

/** A value as a program would send it in JSON. */
function typedOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[\d.,]+$/.test(text) && text.includes(',')) return text.split(',').map(Number);
  return Number.isNaN(Number(text)) ? text : Number(text);
}

test('lists of numbers may be arrays, strings or a single number in JSON', async () => {
  const same = await Promise.all([overHttp('pad=10'), overHttp('pad=10,10,10,10')]);
  const typed = [
    await overZmq({ pad: 10 }),
    await overZmq({ pad: '10' }),
    await overZmq({ pad: [10, 10, 10, 10] }),
    await overZmq({ pad: [10] }),
  ];
  for (const { image } of typed) assert.deepEqual(image, same[0].image);
  assert.equal(same[0].response.headers.get('etag'), same[1].response.headers.get('etag'));
  assert.deepEqual(await overZmq({ crop: [1, 2, 'x', 4] }), { code: 'invalid_request', parameter: 'crop' });
  assert.deepEqual(await overZmq({ focus: [] }), { code: 'invalid_request', parameter: 'focus' });
});

test('colours with and without #, and numbers with an exponent, give one result at both doors', async () => {
  const { image, response } = await overHttp('pad=10&background=%23ff8800&width=100');
  const etag = response.headers.get('etag');
  for (const same of [
    'pad=1e1&bg=ff8800&w=1E2',
    'pad=10.0&background=FF8800FF&width=100.0',
    'bg=f80&pad=10&w=1e%2B2',
  ]) {
    assert.equal((await overHttp(same)).response.headers.get('etag'), etag, same);
  }
  assert.deepEqual((await overZmq({ pad: 10, background: 'ff8800', width: 100 })).image, image);
  const { at } = await pixelsOf((await overHttp('pad=10&bg=ff8800&f=png')).image as Buffer);
  assert.deepEqual([...at(5, 5)].slice(0, 3), [255, 136, 0]);
});

test('trim=0 keeps the edge, and trim_threshold controls how much is trimmed', async () => {
  const inner = await plain(20, 10, [255, 0, 0, 255]).png().toBuffer();
  const framed = await plain(40, 30, [240, 240, 240, 255])
    .composite([{ input: inner, left: 8, top: 7 }])
    .extend({ top: 5, bottom: 5, left: 5, right: 5, background: '#fff' })
    .png()
    .toBuffer();
  const sizes: [query: string, size: [number, number]][] = [
    ['', [50, 40]],
    ['trim=0', [50, 40]],
    ['trim=false', [50, 40]],
    ['trim=0&trim_threshold=30', [50, 40]],
    ['trim_threshold=30', [50, 40]],
    ['trim=1', [40, 30]],
    ['trim=true', [40, 30]],
    ['trim=1&trim_threshold=1e0', [40, 30]],
    ['trim=1&trim_threshold=30', [20, 10]],
  ];
  for (const [queryText, size] of sizes) {
    const response = await fetch(`${service.http}/resize?${queryText}`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(framed),
    });
    const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    assert.deepEqual([width, height], size, queryText);
  }
});

test('lists the newest first at both doors, and a cursor works only in its own order', async () => {
  const stored: unknown[] = [];
  for (const side of [5, 6, 7, 8]) {
    const image = await plain(side, side, [0, 0, 255, 255]).png().toBuffer();
    stored.unshift((await zmq.call({ operation: 'upload' }, image)).json.image_id);
  }
  const list = async (request: Values): Promise<Values[]> => {
    const response = await fetch(`${service.http}/images?${query(request)}`);
    const replies = [(await response.json()) as Values, (await zmq.call({ operation: 'list', ...request })).json];
    return replies.map(({ images, next_cursor, code, parameter }) => ({ images, next_cursor, code, parameter }));
  };
  const [page = {}, same] = await list({ order: 'newest', limit: 3 });
  assert.deepEqual(page, same);
  const { next_cursor: cursor } = page;
  const [rest = {}, again] = await list({ order: 'newest', cursor });
  assert.deepEqual(rest, again);
  const ids = [page, rest].flatMap(({ images }) => (images as Values[]).map(({ image_id }) => image_id));
  assert.deepEqual(ids, [...stored, markId, id]);
  const [byId = {}] = await list({ order: 'id', limit: 3 });
  const refused = { images: undefined, next_cursor: undefined, code: 'invalid_request', parameter: 'cursor' };
  assert.deepEqual(await list({ order: 'id', cursor }), [refused, refused]);
  assert.deepEqual(await list({ cursor }), [refused, refused]);
  assert.deepEqual(await list({ order: 'newest', cursor: byId.next_cursor }), [refused, refused]);
  const unknown = { ...refused, parameter: 'order' };
  assert.deepEqual(await list({ order: 'oldest' }), [unknown, unknown]);
});

test('presets work the same at both doors, and explicit parameters win', async () => {
  const { image, response } = await overHttp('preset=thumbnail&w=16');
  assert.equal(response.headers.get('content-type'), 'image/webp');
  assert.deepEqual((await overZmq({ preset: 'thumbnail', width: 16 })).image, image);
  const { width, height } = await sharp(image).metadata();
  assert.deepEqual([width, height], [16, 32]);
  const written = await overHttp('format=webp&height=32&width=16');
  assert.equal(written.response.headers.get('etag'), response.headers.get('etag'));
});

test('format=auto follows Accept over HTTP, and is rejected over ZeroMQ', async () => {
  const types = { 'image/avif,image/webp,*/*': 'image/avif', 'image/webp,*/*': 'image/webp', '*/*': 'image/jpeg' };
  for (const [accept, type] of Object.entries(types)) {
    for (const queryText of ['w=20&format=auto', 'preset=auto']) {
      const { response, image } = await overHttp(queryText, { accept });
      assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], [type, 'Accept']);
      assert.equal((await sharp(image).metadata()).width, 20);
    }
  }
  assert.deepEqual(await overZmq({ format: 'auto' }), { code: 'invalid_request', parameter: 'format' });
  assert.deepEqual(await overZmq({ preset: 'auto' }), { code: 'invalid_request', parameter: 'format' });
});

test('format=auto keeps the animation of a one-shot image', async () => {
  const frames = [mark, await plain(10, 10, [0, 0, 255, 255]).png().toBuffer()];
  const moving = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  const response = await fetch(`${service.http}/resize?format=auto`, {
    method: 'POST',
    headers: { 'content-type': 'image/gif', accept: 'image/avif,image/webp,*/*' },
    body: new Uint8Array(moving),
  });
  assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], ['image/webp', 'Accept']);
  assert.equal((await pixelsOf(Buffer.from(await response.arrayBuffer()))).height, 20);
});
