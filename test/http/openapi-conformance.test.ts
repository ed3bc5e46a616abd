import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { Dealer } from 'zeromq';
import { type ErrorCode, RequestError } from '../../src/contract/errors.ts';
import { gif } from '../helpers/gif.ts';
import { plain, red, truncated } from '../helpers/images.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { assertMatchesSchema } from '../helpers/schema.ts';
import { type Service, startService } from '../helpers/service.ts';
import { openDoor } from './door.ts';

/*
 * Produces every status that openapi.json documents for a route and checks every body against its schema. In the end, the
 * statuses produced must be exactly those documented.
 */

interface Answer {
  headers?: Record<string, object>;
  content?: Record<string, { schema: object }>;
}

interface Operation {
  operationId: string;
  responses: Record<string, Answer | { $ref: string }>;
}

const document = JSON.parse(await readFile(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
};
const { components } = document;
const operations = new Map(
  Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation]),
);
const documented = [...operations.values()].flatMap(({ operationId, responses }) =>
  Object.keys(responses).map((status) => `${operationId} ${status}`),
);
const produced = new Set<string>();

const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const picture = await photo(120, 80);
const other = await plain(60, 40, red).png().toBuffer();
const damaged = truncated(await photo(300, 200));
/** Can be stored, but has too many frames to transform as a whole. */
const long = gif(
  { width: 1, height: 1 },
  Array.from({ length: 2001 }, () => ({ left: 0, top: 0, width: 1, height: 1, colour: 1 })),
);
const absent = '0'.repeat(64);
const post = (body: Buffer, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/octet-stream', ...headers },
  body: new Uint8Array(body),
});

/** Headers of any response or for others than clients: of HTTP, browsers, shared caches and the rate limit. */
const general =
  /^(date|connection|keep-alive|content-(type|length|security-policy)|cache-control|vary|cross-origin-.*|x-content-.*|cache-tag|surrogate-key|ratelimit-.*)$/;

/** Sends a request for an operation, and checks the answer against the document. */
async function send(base: string, operationId: string, status: number, path: string, init: RequestInit = {}) {
  await check(operationId, status, await fetch(base + path, { redirect: 'manual', ...init }), init.method);
}

async function check(operationId: string, status: number, response: Response, method = 'GET') {
  const body = Buffer.from(await response.arrayBuffer());
  const what = `${operationId} ${status}`;
  assert.equal(response.status, status, `${what}: ${body}`);
  assert.ok(response.headers.get('x-request-id') && response.headers.get('server-timing'), what);
  const { headers = {}, content } = answerOf(operationId, status);
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const undocumented = [...response.headers.keys()].filter((name) => !names.includes(name) && !general.test(name));
  assert.deepEqual(undocumented, [], what);
  produced.add(what);
  if (method === 'HEAD' || content === undefined) return assert.equal(body.length, 0, what);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const media = content[type.startsWith('image/') ? 'image/*' : type];
  assert.ok(media, `${what} came as ${type}`);
  if (type.startsWith('image/')) return assert.ok(body.length > 0, what);
  assertMatchesSchema({ ...media.schema, components }, JSON.parse(String(body)), what);
}

function answerOf(operationId: string, status: number): Answer {
  const answer = operations.get(operationId)?.responses[status] ?? {};
  if (!('$ref' in answer)) return answer;
  return components.responses[answer.$ref.slice('#/components/responses/'.length)] as Answer;
}

const put = (body: Buffer, headers: Record<string, string> = {}): RequestInit => ({
  ...post(body, headers),
  method: 'PUT',
});

const sets = (variants: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify({ variants }),
});

/** A request for each operation that needs a worker. */
const requests: [operationId: string, path: string, init?: RequestInit][] = [
  ['uploadImage', '/images', post(picture)],
  ['putImage', `/images/${idOf(picture)}`, put(picture)],
  ['listImages', '/images'],
  ['getImage', `/images/${absent}`],
  ['headImage', `/images/${absent}`, { method: 'HEAD' }],
  ['getImageInfo', `/images/${absent}/info`],
  ['resizeImage', '/resize?width=10', post(picture)],
  ['makeVariants', `/images/${absent}/variants`, sets([{ width: 10 }])],
  // A different image, as deleting one answers the requests that wait for it.
  ['deleteImage', `/images/${'f'.repeat(64)}`, { method: 'DELETE' }],
];

/** Suspends the only worker, so it answers nothing. */
async function freeze(service: Service): Promise<void> {
  const { worker_pid } = await service.waitForLog(({ msg }) => msg === 'worker started');
  process.kill(Number(worker_pid), 'SIGSTOP');
}

test('successes and client errors', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_MAX_UPLOAD_BYTES: '100000' } });
  const at = send.bind(undefined, service.http);
  const path = `/images/${idOf(picture)}`;
  const foreign = { Origin: 'https://evil.example' };
  const tooMuch = Buffer.alloc(100_001);
  const text = Buffer.from('This is no image.');

  for (const [name, url] of [
    ['getHealth', '/health'],
    ['getReady', '/ready'],
  ] as const) {
    await at(name, 200, url);
    await at(name, 400, `${url}?x=1`);
  }
  await at('uploadImage', 201, '/images', post(picture));
  await at('uploadImage', 200, '/images', post(picture));
  await at('uploadImage', 303, '/images', post(picture, { Accept: 'text/html' }));
  await at('uploadImage', 400, '/images?x=1', post(picture));
  await at('uploadImage', 403, '/images', post(picture, foreign));
  await at('uploadImage', 413, '/images', post(tooMuch));
  await at('uploadImage', 415, '/images', post(text));
  await at('uploadImage', 415, '/images', post(text, { 'Content-Encoding': 'gzip' }));
  await at('uploadImage', 422, '/images', post(picture.subarray(0, 20)));
  await at('uploadImage', 422, '/images', post(damaged));
  await at('uploadImage', 201, '/images', post(long));

  await at('putImage', 200, path, put(picture));
  await at('putImage', 201, `/images/${idOf(other)}`, put(other));
  await at('putImage', 400, path, put(other));
  await at('putImage', 403, path, put(picture, foreign));
  await at('putImage', 412, path, put(picture, { 'If-None-Match': '*' }));
  await at('putImage', 413, path, put(tooMuch));
  await at('putImage', 415, `/images/${idOf(text)}`, put(text));
  const head = picture.subarray(0, 20);
  await at('putImage', 422, `/images/${idOf(head)}`, put(head));

  await at('resizeImage', 200, '/resize?width=10', post(picture));
  await at('resizeImage', 400, '/resize?width=0', post(picture));
  await at('resizeImage', 403, '/resize?width=10', post(picture, foreign));
  await at('resizeImage', 404, `/resize?watermark=${absent}`, post(picture));
  await at('resizeImage', 413, '/resize?width=10', post(tooMuch));
  await at('resizeImage', 415, '/resize?width=10', post(text));
  await at('resizeImage', 422, '/resize?width=10', post(damaged));

  await at('makeVariants', 200, `${path}/variants`, sets([{ width: 10 }, { width: 20 }]));
  await at('makeVariants', 400, `${path}/variants`, sets([{ width: 0 }]));
  await at('makeVariants', 403, `${path}/variants`, sets([{}], foreign));
  await at('makeVariants', 404, `/images/${absent}/variants`, sets([{}]));
  await at('makeVariants', 413, `${path}/variants`, sets(' '.repeat(70_000)));
  await at('makeVariants', 415, `${path}/variants`, post(picture));
  await at('makeVariants', 422, `/images/${idOf(long)}/variants`, sets([{ width: 10 }]));

  await at('listImages', 200, '/images');
  await at('listImages', 400, '/images?limit=0');
  await at('getImageInfo', 200, `${path}/info`);
  await at('getImageInfo', 400, `${path}/info?x=1`);
  await at('getImageInfo', 404, `/images/${absent}/info`);

  for (const [name, method] of [
    ['getImage', 'GET'],
    ['headImage', 'HEAD'],
  ] as const) {
    await at(name, 200, path, { method });
    await at(name, 200, `${path}?width=10`, { method });
    await at(name, 304, path, { method, headers: { 'If-None-Match': '*' } });
    await at(name, 400, `${path}?width=0`, { method });
    await at(name, 404, `/images/${absent}`, { method });
    await at(name, 412, path, { method, headers: { 'If-Match': '"other"' } });
    await at(name, 422, `/images/${idOf(long)}?width=10`, { method });
  }
  await at('getImage', 206, path, { headers: { Range: 'bytes=0-9' } });
  await at('getImage', 416, path, { headers: { Range: 'bytes=999999-' } });

  await at('deleteImage', 403, path, { method: 'DELETE', headers: foreign });
  await at('deleteImage', 412, path, { method: 'DELETE', headers: { 'If-Match': '"other"' } });
  await at('deleteImage', 204, path, { method: 'DELETE' });
  await at('deleteImage', 404, path, { method: 'DELETE' });
  await at('deleteImage', 400, `${path}?x=1`, { method: 'DELETE' });
});

test('images stored under looser limits', async (t) => {
  const before = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  await send(before.http, 'uploadImage', 201, '/images', post(picture));
  await send(before.http, 'uploadImage', 201, '/images', post(other));
  await before.stop();
  const env = { IMGWIRE_WORKERS: '1', IMGWIRE_INPUT_FORMATS: 'jpeg', IMGWIRE_MAX_INPUT_PIXELS: '1000' };
  const { http } = await startService(t, { env, dataDir: before.dataDir });
  await send(http, 'getImage', 415, `/images/${idOf(other)}?width=10`);
  await send(http, 'headImage', 415, `/images/${idOf(other)}?width=10`, { method: 'HEAD' });
  await send(http, 'getImageInfo', 415, `/images/${idOf(other)}/info`);
  await send(http, 'getImageInfo', 422, `/images/${idOf(picture)}/info`);
});

test('a client over its limit', async (t) => {
  const { http } = await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_RATE_LIMIT: '1/h' } });
  await fetch(`${http}/images`);
  for (const [name, path, init] of requests) await send(http, name, 429, path, init);
});

test('clients without a key, or with a key that lacks the right', async (t) => {
  const key = 'iw_key-of-this-test';
  const env = { IMGWIRE_WORKERS: '1', IMGWIRE_API_KEYS: `scraper:metrics:${idOf(Buffer.from(key))}` };
  const { http } = await startService(t, { env });
  for (const [name, path, init] of requests) {
    await send(http, name, 401, path, init);
    await send(http, name, 403, path, { ...init, headers: { ...init?.headers, authorization: `Bearer ${key}` } });
  }
});

test('workers that do not answer in time', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '1000' } });
  await freeze(service);
  await Promise.all(requests.map(([name, path, init]) => send(service.http, name, 504, path, init)));
});

test('a service that is shutting down', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  await freeze(service);
  const dealer = new Dealer({ linger: 0, receiveTimeout: 30_000 });
  closeWith(t, () => dealer.close());
  dealer.connect(service.zmq);
  await dealer.send(['', '{"operation":"list"}']);
  await dealer.send(['', 'answered by the door']);
  // Once the second message is answered, the first one is with the worker and delays the shutdown.
  await dealer.receive();
  service.child.kill('SIGTERM');
  await service.waitForLog(({ msg }) => msg === 'shutting down');
  const all = [...requests, ['getReady', '/ready'] as const];
  await Promise.all(all.map(([name, path, init]) => send(service.http, name, 503, path, init)));
});

/*
 * Faked at the boundary to the workers: a bug (500), two lost workers (502) or a full disk (507) cannot be provoked on
 * every route. test/fault shows that real faults give these errors.
 */
for (const [status, code] of [
  [500, 'internal'],
  [502, 'worker_lost'],
] as [number, ErrorCode][]) {
  test(`${code} on every route that needs a worker`, async (t) => {
    const { url } = await openDoor(t, {
      perform: () => {
        throw new RequestError(code, 'Of this test');
      },
    });
    for (const [name, path, init] of requests) await send(url, name, status, path, init);
  });
}

test('a foreign Host, which fetch cannot send', async (t) => {
  const { app } = await openDoor(t, { config: { allowedHosts: [] } });
  for (const [name, url] of [
    ['getHealth', '/health'],
    ['getReady', '/ready'],
  ] as const) {
    const { statusCode: status, headers, rawPayload } = await app.inject({ url, headers: { host: 'evil.example' } });
    await check(
      name,
      403,
      new Response(new Uint8Array(rawPayload), { status, headers: headers as Record<string, string> }),
    );
  }
});

test('a body that arrives too slowly', async (t) => {
  const { url } = await openDoor(t, { transferRate: { bytesPerSecond: 1_000_000, intervalMs: 100 } });
  const uploads = requests.filter(([, , init]) => init?.body);
  const body = () => new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  const slowly = (init?: RequestInit) => ({ ...init, body: body(), duplex: 'half' }) as RequestInit;
  await Promise.all(uploads.map(([name, path, init]) => send(url, name, 408, path, slowly(init))));
});

test('insufficient_storage', async (t) => {
  const { url } = await openDoor(t, {
    perform: () => {
      throw new RequestError('insufficient_storage', 'Of this test');
    },
  });
  await send(url, 'uploadImage', 507, '/images', post(picture));
  await send(url, 'putImage', 507, `/images/${idOf(picture)}`, put(picture));
});

after(() => assert.deepEqual([...produced].sort(), documented.sort()));
