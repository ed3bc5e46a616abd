import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { Dealer, Request } from 'zeromq';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(400, 300);

async function start(t: TestContext, env: Record<string, string> = {}) {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1', ...env } });
  return { service, client: connectZmq(t, service.zmq) };
}

test('answers every invalid message, and serves the next request', async (t) => {
  const { client } = await start(t);
  const json = (value: unknown) => JSON.stringify(value);
  const upload = { operation: 'upload' };
  const long = 'QUJD'.repeat(75_000);
  const bad: [what: string, frames: (string | Buffer)[], code: string, message: RegExp][] = [
    ['an empty message', [''], 'invalid_request', /empty message/],
    ['bad JSON', ['{"operation": "ping"'], 'invalid_request', /JSON object/],
    ['a JSON array', ['[]'], 'invalid_request', /received an array/],
    ['a bare NaN', ['NaN'], 'invalid_request', /received "NaN"/],
    ['a NaN value', ['{"operation":"resize","width":NaN}'], 'invalid_request', /JSON object/],
    ['invalid UTF-8', [Buffer.from([0xff, 0xfe, 0x00])], 'invalid_request', /UTF-8/],
    ['an unknown operation', [json({ operation: 'explode' })], 'invalid_operation', /^Invalid operation/],
    [
      'a misspelt operation',
      [json({ operation: 'resise' })],
      'invalid_operation',
      /^Invalid operation.*did you mean resize\?/,
    ],
    ['no operation', [json({})], 'invalid_request', /operation/],
    ['a wrong type', [json({ operation: 'list', limit: 'ten' })], 'invalid_request', /for limit but received "ten"/],
    ['a number as an id', [json({ operation: 'info', image_id: 7 })], 'invalid_request', /image_id but received 7/],
    ['no image', [json(upload)], 'invalid_request', /received none/],
    ['bad base64', [json({ ...upload, image_data: '!!not base64!!' })], 'invalid_request', /base64/],
    ['an empty image', [json({ ...upload, image_data: '' })], 'invalid_request', /0 bytes/],
    ['an empty frame', [json(upload), ''], 'invalid_request', /0 bytes/],
    [
      'two images',
      [json({ ...upload, image_data: 'AAAA' }), picture],
      'invalid_request',
      /image_data and a second frame/,
    ],
    ['four frames', [json(upload), picture, picture, picture], 'invalid_request', /received 4 frames/],
    ['a text', [json(upload), 'Dear reader'], 'unsupported_format', /jpeg/],
    ['long bad base64', [json({ ...upload, image_data: '*'.repeat(300_000) })], 'invalid_request', /base64/],
    ['a long text', ['x'.repeat(300_000)], 'invalid_request', /JSON object/],
    ['a long array', [json(['x'.repeat(300_000)])], 'invalid_request', /received an array/],
    [
      'two long images',
      [`{"operation":"upload","image_data":"${long}","image_data":"${long}"}`],
      'invalid_request',
      /image_data, once/,
    ],
    [
      'a long image and a frame',
      [json({ ...upload, image_data: long }), picture],
      'invalid_request',
      /beside a second frame/,
    ],
  ];
  for (const [what, [first = '', ...more], code, message] of bad) {
    const { json: reply, frames } = await client.call(first, ...more.map((frame) => Buffer.from(frame)));
    assert.equal(reply.status, 'error', what);
    assert.equal(reply.code, code, what);
    assert.match(String(reply.message), message, what);
    assert.equal(frames.length, 1, what);
    assert.match(String(reply.request_id), /^[0-9a-f-]{36}$/, what);
  }
  assert.equal((await client.call({ operation: 'ping' })).json.status, 'success');
});

test('answers too_large for images in a frame and in JSON', async (t) => {
  const { client } = await start(t, { IMGWIRE_MAX_UPLOAD_BYTES: '200000' });
  const large = randomBytes(200_001);
  for (const [request, ...frames] of [
    [{ operation: 'upload' }, large],
    [{ operation: 'upload', image_data: large.toString('base64') }],
    [{ operation: 'upload', image_data: randomBytes(400_000).toString('base64') }],
  ] as [object, ...Buffer[]][]) {
    const { json } = await client.call(request, ...frames);
    assert.equal(json.code, 'too_large');
    assert.match(String(json.message), /at most 200000 bytes/);
  }
  assert.equal((await client.call({ operation: 'upload' }, picture)).json.status, 'success');
});

test('sends an image as base64 in exactly one frame unless binary is requested', async (t) => {
  const { client } = await start(t);
  const { json: uploaded } = await client.call({ operation: 'upload', image_data: picture.toString('base64') });
  const request = { operation: 'retrieve', image_id: uploaded.image_id };
  const plain = await client.call(request);
  assert.equal(plain.frames.length, 1);
  assert.deepEqual(Buffer.from(String(plain.json.image_data), 'base64'), picture);
  const binary = await client.call({ ...request, transfer_encoding: 'binary' });
  assert.equal(binary.frames.length, 2);
  assert.deepEqual(binary.image, picture);
  assert.equal(binary.json.image_data, undefined);
});

test('accepts base64 with line breaks, in the URL alphabet, and as a data: URI', async (t) => {
  const { client } = await start(t);
  const text = picture.toString('base64');
  for (const image_data of [
    text.replace(/.{76}/g, '$&\n'),
    picture.toString('base64url'),
    `data:image/jpeg;base64,${text}`,
  ]) {
    const { json } = await client.call({ operation: 'upload', image_data });
    assert.equal(json.size, picture.length);
  }
});

test('returns the request id, even in errors and for large requests, and logs it on both sides', async (t) => {
  const { service, client } = await start(t);
  const large = randomBytes(100_000).toString('base64');
  const requests = [
    { operation: 'ping', request_id: 'small' },
    { operation: 'nothing', request_id: 'unknown' },
    { operation: 'upload', image_data: large, request_id: 'large' },
  ];
  for (const request of requests) {
    assert.equal((await client.call(request)).json.request_id, request.request_id);
  }
  for (const part of ['gateway', 'worker']) {
    await service.waitForLog((line) => line.part === part && line.request_id === 'large');
  }
  assert.match(
    String((await client.call({ operation: 'info', image_data: large })).json.request_id),
    /^[0-9a-f-]{36}$/,
  );
});

test('returns the envelope frames of a correlating REQ and a DEALER', async (t) => {
  const { service } = await start(t);
  const correlating = new Request({ relaxed: true, correlate: true, receiveTimeout: 30_000, linger: 0 });
  const dealer = new Dealer({ receiveTimeout: 30_000, linger: 0 });
  closeWith(t, () => {
    correlating.close();
    dealer.close();
  });
  correlating.connect(service.zmq);
  await correlating.send(JSON.stringify({ operation: 'ping' }));
  assert.equal(JSON.parse(String((await correlating.receive())[0])).message, 'pong');

  dealer.connect(service.zmq);
  for (const request_id of ['1', '2', '3']) {
    await dealer.send(['mark', request_id, '', JSON.stringify({ operation: 'ping', request_id })]);
  }
  for (let count = 0; count < 3; count += 1) {
    const [mark, number, delimiter, json] = await dealer.receive();
    assert.deepEqual([String(mark), delimiter?.length], ['mark', 0]);
    assert.equal(JSON.parse(String(json)).request_id, String(number));
  }
  await dealer.send(JSON.stringify({ operation: 'ping' }));
  const [alone, ...none] = await dealer.receive();
  assert.match(JSON.parse(String(alone)).message, /empty delimiter frame/);
  assert.deepEqual(none, []);
});

test('accepts base64 with escaped slashes and plus signs, in small and large requests', async (t) => {
  const { client } = await start(t);
  for (const image of [picture, await photo(1600, 1200)]) {
    const text = image.toString('base64').replaceAll('/', '\\/').replaceAll('+', '\\u002B');
    const { json } = await client.call(`{"operation":"upload","image_data":"${text}"}`);
    assert.equal(json.size, image.length);
  }
});

test('answers within timeout_ms, and serves the next request', async (t) => {
  const { client } = await start(t);
  const image = await photo(3000, 2000);
  const { json } = await client.call({ operation: 'resize', format: 'avif', timeout_ms: 1 }, image);
  assert.equal(json.code, 'timeout');
  assert.equal((await client.call({ operation: 'info' }, image)).json.width, 3000);
});
