import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { type Client, createClient, ImgwireError, imageSrcset, imageUrl } from '../../src/client/index.ts';
import { type ParameterName, parameterRecords } from '../../src/contract/parameters.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

const service = await startService({ after });
const client = createClient({ baseUrl: service.http });
const image = await photo(640, 480);
const imageId = createHash('sha256').update(image).digest('hex');

/** A fake server, for answers that the service gives only in trouble. */
async function serve(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('uploads, gets, transforms, lists and deletes an image', async () => {
  const stored = await client.upload(image);
  assert.deepEqual([stored.image_id, stored.created, stored.width, stored.height], [imageId, true, 640, 480]);
  assert.equal((await client.upload(new Blob([new Uint8Array(image)]))).created, false);
  assert.ok(Buffer.from(await client.get(imageId)).equals(image));
  const { format, width } = await sharp(await client.get(imageId, { width: 300, format: 'webp' })).metadata();
  assert.deepEqual([format, width], ['webp', 300]);
  assert.equal((await client.info(imageId)).size, image.length);
  const made = await client.variants(imageId, [{ width: 100 }, { width: 200 }], { format: 'png' });
  assert.deepEqual(
    made.map(({ format, width }) => [format, width]),
    [
      ['png', 100],
      ['png', 200],
    ],
  );
  const first = await fetch(made[0]?.url as string);
  assert.equal(first.headers.get('content-type'), 'image/png');

  const other = await client.upload(await photo(64, 48));
  const listed: string[] = [];
  for await (const { image_id } of client.list({ limit: 1 })) listed.push(image_id);
  assert.deepEqual(listed.sort(), [imageId, other.image_id].sort());

  await client.delete(imageId);
  await assert.rejects(client.get(imageId), (error) => error instanceof ImgwireError && error.code === 'not_found');
});

test('builds URLs that the service accepts for every parameter', async () => {
  const { image_id } = await client.upload(await photo(400, 300));
  for (const name of Object.keys(parameterRecords) as ParameterName[]) {
    if (name === 'preset' || name.startsWith('watermark')) continue;
    const { example, exampleWith = '' } = parameterRecords[name];
    const others = Object.fromEntries(new URLSearchParams(exampleWith));
    const built = imageUrl(service.http, image_id, { ...others, [name]: example });
    const response = await fetch(built);
    assert.equal(response.status, 200, `${built}: ${response.ok ? '' : await response.text()}`);
    await response.arrayBuffer();
  }
  assert.equal(
    imageUrl('https://example.org/media/', image_id, { crop: [10, 20, 30, 40], background: '#ff8800' }),
    `https://example.org/media/images/${image_id}?crop=10%2C20%2C30%2C40&background=%23ff8800`,
  );
  assert.equal(imageUrl('', image_id), `/images/${image_id}`);
});

test('builds srcset by widths and densities, with candidates as wide as their descriptors', async () => {
  const { image_id } = await client.upload(await photo(800, 600));
  const byWidth = client.srcset(image_id, { widths: [100, 200], format: 'webp' }).split(', ');
  const byDensity = client.srcset(image_id, { widths: 120, densities: [1, 2] }).split(', ');
  const wanted = [
    [byWidth[0], '100w', 100],
    [byWidth[1], '200w', 200],
    [byDensity[0], '1x', 120],
    [byDensity[1], '2x', 240],
  ] as const;
  for (const [candidate = '', descriptor, pixels] of wanted) {
    const [url = '', said] = candidate.split(' ');
    const { width } = await sharp(await (await fetch(url)).arrayBuffer()).metadata();
    assert.deepEqual([said, width], [descriptor, pixels]);
  }
  assert.throws(() => imageSrcset('', image_id, { widths: [1, 2], densities: [1] }), /Expected one width/);
});

test('reports upload progress up to the full size', async () => {
  const large = await sharp({
    create: {
      width: 900,
      height: 900,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  const steps: number[] = [];
  const stored = await client.upload(large, {
    onProgress(sent, total) {
      assert.equal(total, large.length);
      steps.push(sent);
    },
  });
  assert.equal(stored.size, large.length);
  assert.ok(steps.length > 2, `${steps.length} steps`);
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
  assert.equal(steps.at(-1), large.length);
});

test('rejects with the code, parameter and request id of a problem', async () => {
  await assert.rejects(client.get(imageId, { width: 0 }), (error) => {
    assert.ok(error instanceof ImgwireError);
    assert.deepEqual([error.code, error.status, error.parameter], ['invalid_request', 400, 'width']);
    assert.match(error.message, /^Expected an integer from 1 to 8192 for width but received/);
    assert.ok(error.requestId);
    return true;
  });
});

test('retries after transient errors only', async (t) => {
  const statuses = [503, 502, 200];
  let calls = 0;
  const baseUrl = await serve(t, (_, response) => {
    const status = statuses[calls] as number;
    calls += 1;
    const problem = { detail: 'Not now', code: status === 503 ? 'overloaded' : 'worker_lost', request_id: 'one' };
    response.writeHead(status).end(JSON.stringify(status === 200 ? { width: 640 } : problem));
  });
  assert.equal((await createClient({ baseUrl }).info(imageId)).width, 640);
  assert.equal(calls, 3);
  calls = 0;
  await assert.rejects(createClient({ baseUrl, retries: 1 }).info(imageId), { code: 'worker_lost' });
  assert.equal(calls, 2);
});

test('waits for a Retry-After in seconds, and rejects at once if it is longer than 30 s', async (t) => {
  let calls = 0;
  let retryAfter = '';
  const baseUrl = await serve(t, (_, response) => {
    calls += 1;
    const problem = { detail: 'Not now', code: 'rate_limited', request_id: 'one' };
    response.writeHead(429, { 'retry-after': retryAfter }).end(JSON.stringify(problem));
  });
  const client = createClient({ baseUrl, retries: 1 });
  for (const [seconds, expected] of [
    [0.01, 2],
    [31, 1],
    [3600, 1],
    [2_592_000, 1],
  ] as const) {
    calls = 0;
    retryAfter = String(seconds);
    const pending = client.info(imageId, { signal: AbortSignal.timeout(5_000) });
    await assert.rejects(pending, { code: 'rate_limited', retryAfter: seconds });
    assert.equal(calls, expected, retryAfter);
  }
});

test('reports a timeout, a closed port, and an answer from something else', async (t) => {
  const silent = await serve(t, () => {});
  await assert.rejects(createClient({ baseUrl: silent, timeoutMs: 100, retries: 0 }).info(imageId), {
    code: 'unreachable',
    message: `Expected a response from ${silent}/images/${imageId}/info but received none within 100 ms`,
  });
  const gone = await serve(t, () => {});
  const closed = createClient({ baseUrl: gone.replace(/\d+$/, '1'), retries: 0 });
  await assert.rejects(closed.info(imageId), { code: 'unreachable', message: /ECONNREFUSED|bad port/ });
  const proxy = await serve(t, (_, response) => response.writeHead(502).end('<html>Bad gateway</html>'));
  await assert.rejects(createClient({ baseUrl: proxy }).info(imageId), {
    code: 'unexpected',
    status: 502,
    message: /Expected a response from imgwire but received status 502: "<html>Bad gateway/,
  });
});

test('every method rejects with `unexpected` if something else answers with success', async (t) => {
  const calls: Record<Exclude<keyof Client, 'url' | 'srcset'>, (client: Client) => Promise<unknown>> = {
    upload: (client) => client.upload(image),
    get: (client) => client.get(imageId, { width: 5 }),
    info: (client) => client.info(imageId),
    list: (client) => client.list().next(),
    variants: (client) => client.variants(imageId, [{ width: 5 }]),
    delete: (client) => client.delete(imageId),
  };
  for (const [type, body] of [
    ['text/html', '<html>Please log in'],
    ['application/json', '{}'],
    ['application/json', 'null'],
    ['application/json', '{"images":5,"variants":[null]}'],
  ] as const) {
    const baseUrl = await serve(t, (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    for (const [method, call] of Object.entries(calls)) {
      const message = `Expected a response from imgwire but received status 200: ${JSON.stringify(body)}`;
      const expected = { name: 'ImgwireError', code: 'unexpected', status: 200, message };
      await assert.rejects(call(createClient({ baseUrl })), expected, `${method}: ${body}`);
    }
  }
});

test('treats undefined options as unset, and rejects a timeout beyond the range of timers', async (t) => {
  let calls = 0;
  const baseUrl = await serve(t, (_, response) => {
    calls += 1;
    const answer = calls > 3 ? { width: 1 } : { code: 'overloaded', detail: 'Not now' };
    response.writeHead(calls > 3 ? 200 : 503).end(JSON.stringify(answer));
  });
  const unset = { timeoutMs: undefined, retries: undefined, headers: undefined, fetch: undefined };
  await assert.rejects(createClient({ baseUrl, ...unset }).info(imageId), { code: 'overloaded' });
  assert.equal(calls, 3);
  for (const timeoutMs of [0, 1.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => createClient({ baseUrl, timeoutMs }),
      /^TypeError: Expected an integer from 1 to 2147483647 for/,
    );
  }
});

test('aborts with the reason of its signal', async (t) => {
  const baseUrl = await serve(t, () => {});
  const controller = new AbortController();
  const pending = createClient({ baseUrl }).info(imageId, { signal: controller.signal });
  controller.abort(new Error('left the page'));
  await assert.rejects(pending, /left the page/);
});
