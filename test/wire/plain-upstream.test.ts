import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Reply } from 'zeromq';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

/*
 * client ──► gateway without workers ──► in-process REP socket that speaks only part of the contract
 */

type Request = Record<string, unknown>;

const picture = await photo(300, 200);
const id = createHash('sha256').update(picture).digest('hex');
const base64 = picture.toString('base64');
const invalid = JSON.stringify({ status: 'error', message: 'Invalid operation' });
const image = (bytes: string) => JSON.stringify({ status: 'success', image_data: bytes });

let respond: (request: Request) => string | Promise<string> = () => invalid;
const received: Request[] = [];

const owner = { after: (close: () => unknown) => test.after(close as () => void) };
const socket = new Reply({ linger: 0 });
await socket.bind('tcp://127.0.0.1:*');
test.after(() => socket.close());

async function serve(): Promise<void> {
  for (;;) {
    const [frame, ...more] = await socket.receive();
    assert.equal(more.length, 0);
    const request = JSON.parse(String(frame)) as Request;
    if (request.operation !== 'ping') received.push(request);
    await socket.send(request.operation === 'ping' ? invalid : await respond(request));
  }
}
serve().catch((error) => {
  if (!socket.closed) throw error;
});

const front = await startService(owner, {
  env: { IMGWIRE_WORKERS: '0', IMGWIRE_TIMEOUT_MS: '3000', IMGWIRE_UPSTREAMS: String(socket.lastEndpoint) },
});
await front.waitForLog(({ msg, protocol }) => msg === 'upstream serves' && protocol === 'plain');

const uploaded = (bytes: Buffer) =>
  fetch(`${front.http}/images`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(bytes),
  });
/** Gets an image that is in no cache. */
const get = (query = '') => fetch(`${front.http}/images/${randomBytes(32).toString('hex')}${query}`);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('accepts replies with only a status and one field', async () => {
  received.length = 0;
  respond = ({ operation }) =>
    operation === 'upload' ? JSON.stringify({ status: 'success', image_id: id }) : image(base64);
  const stored = await uploaded(picture);
  assert.equal(stored.status, 201);
  assert.equal(((await stored.json()) as Request).image_id, id);
  for (const path of [`/images/${id}`, `/images/${id}?width=100&quality=70`]) {
    const response = await fetch(front.http + path);
    assert.equal(response.headers.get('content-type'), 'image/jpeg');
    assert.deepEqual(await bytesOf(response), picture);
  }
  const made = await fetch(`${front.http}/resize?width=50`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  });
  assert.deepEqual(await bytesOf(made), picture);
  const part = await fetch(`${front.http}/images/${id}`, { headers: { range: 'bytes=1-3' } });
  assert.deepEqual([part.status, await bytesOf(part)], [206, picture.subarray(1, 4)]);
  const requests = received.map(({ request_id: _, ...request }) => request);
  assert.deepEqual(requests.slice(0, 4), [
    { operation: 'upload', image_data: base64 },
    { operation: 'retrieve', image_id: id },
    { operation: 'resize', image_id: id, width: 100, quality: 70 },
    { operation: 'resize', width: 50, image_data: base64 },
  ]);
});

test('passes images of any length and base64 variant intact, to HTTP and ZeroMQ', async (t) => {
  const large = Buffer.concat([picture, randomBytes(5_000_001)]);
  let sent = '';
  respond = ({ operation, image_data }) => {
    if (operation === 'upload') sent = String(image_data);
    if (operation === 'upload') return JSON.stringify({ status: 'success', image_id: id, created: false, width: -1 });
    const lines = large.toString('base64').replace(/.{76}/g, '$&\n');
    return image(`data:image/jpeg;base64,${lines}`);
  };
  const stored = await uploaded(large);
  assert.equal(stored.status, 200);
  assert.equal(((await stored.json()) as Request).width, undefined);
  assert.deepEqual(Buffer.from(sent, 'base64'), large);
  assert.deepEqual(await bytesOf(await get()), large);
  const client = connectZmq(t, front.zmq);
  const missing = randomBytes(32).toString('hex');
  const { json } = await client.call({ operation: 'retrieve', image_id: missing });
  assert.deepEqual(Buffer.from(String(json.image_data), 'base64'), large);
  await client.call({ operation: 'upload', image_data: large.toString('base64').replace(/.{76}/g, '$&\n') });
  assert.deepEqual(Buffer.from(sent, 'base64'), large);
});

const nonsense: Record<string, string> = {
  'an empty frame': '',
  'invalid JSON': 'hello',
  'binary data': '\xff\xfe\x00',
  'an array': '[]',
  'no status': '{"image_data":"AAAA"}',
  'an unknown status': '{"status":"ok"}',
  'no image': '{"status":"success"}',
  'an image of another type': '{"status":"success","image_data":7}',
  'invalid base64': image('§$%&'),
  'long invalid base64': image('§$%&'.repeat(50_000)),
  'base64 of something other than an image': image(Buffer.from('no image').toString('base64')),
  'a long reply without an image': JSON.stringify({ status: 'success', text: 'x'.repeat(200_000) }),
  'an image twice': `{"status":"success","image_data":"${base64}","image_data":"${'A'.repeat(200_000)}"}`,
};

for (const [what, reply] of Object.entries(nonsense)) {
  test(`answers 502 for ${what}, and serves the next request`, async () => {
    respond = () => reply;
    const response = await get();
    assert.equal(response.status, 502, await response.clone().text());
    assert.match(((await response.json()) as Request).detail as string, /^Expected .* from the upstream but received /);
    respond = () => image(base64);
    assert.equal((await get()).status, 200);
  });
}

test('maps errors by their code, or by their likely meaning', async () => {
  respond = () => JSON.stringify({ status: 'error', message: 'Image not found' });
  const missing = await get();
  assert.equal(missing.status, 404);
  assert.equal(((await missing.json()) as Request).detail, 'Image not found');
  assert.equal((await get('?width=9')).status, 422);
  assert.equal((await uploaded(picture)).status, 422);
  respond = () => JSON.stringify({ status: 'error', code: 'insufficient_storage', message: 7 });
  assert.equal((await uploaded(picture)).status, 507);
  respond = () => JSON.stringify({ status: 'success', image_id: '17' });
  assert.equal((await uploaded(picture)).status, 502);
});

test('rejects operations that such an upstream lacks without asking it', async () => {
  received.length = 0;
  const put = { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(picture) };
  const requests: [string, RequestInit?][] = [
    ['/images'],
    [`/images/${id}/info`],
    [`/images/${id}`, { method: 'DELETE' }],
    [`/images/${id}`, put],
  ];
  for (const [path, init] of requests) {
    const response = await fetch(front.http + path, init);
    assert.equal(response.status, 400);
    const { code, detail } = (await response.json()) as Request;
    assert.equal(code, 'invalid_operation');
    assert.match(String(detail), /^Invalid operation here: the upstream cannot /);
  }
  assert.deepEqual(received, []);
});

test('times out a server that does not answer, and asks it again later', async () => {
  let answer: (reply: string) => void = () => {};
  respond = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  assert.equal((await get()).status, 504);
  respond = () => image(base64);
  answer(invalid);
  await front.waitForLog(({ msg, reason }) => msg === 'upstream lost' && /over 3000 ms/.test(String(reason)));
  assert.equal((await get()).status, 200);
});
