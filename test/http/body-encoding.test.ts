import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { anyId, openDoor, type TestDoor } from './door.ts';

/* Bodies are stored and hashed as they arrive, so they have no content coding (RFC 9110, 8.4). */

const png = { 'Content-Type': 'image/png' };
const form = Buffer.from('--x\r\nContent-Disposition: form-data; name="image"\r\n\r\nabc\r\n--x--\r\n');

const uploads: [method: string, path: string, headers: Record<string, string>, body: Buffer][] = [
  ['POST', '/images', png, Buffer.from('abc')],
  ['POST', '/images', { 'Content-Type': 'multipart/form-data; boundary=x' }, form],
  ['PUT', `/images/${anyId}`, png, Buffer.from('abc')],
  ['POST', '/resize?width=1', png, Buffer.from('abc')],
  [
    'POST',
    `/images/${anyId}/variants`,
    { 'Content-Type': 'application/json' },
    Buffer.from('{"variants":[{"width":1}]}'),
  ],
];

const open = (t: Parameters<typeof openDoor>[0]) =>
  openDoor(t, { perform: () => ({ fields: { image_id: anyId, media_type: 'image/png', variants: [] }, image: form }) });

async function send(door: TestDoor, [method, path, headers, body]: (typeof uploads)[number], more: object) {
  const sent = httpRequest(door.url + path, { method, headers: { ...headers, ...more }, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

for (const upload of uploads) {
  const [method, path, type, body] = upload;
  const name = `${method} ${path.replace(anyId, '…')} as ${type['Content-Type']}`;

  test(`${name} rejects a compressed body, and says what it accepts`, async (t) => {
    const door = await open(t);
    for (const coding of ['gzip', 'br', 'GZIP, identity', 'aws-chunked']) {
      const response = await send(door, [method, path, type, gzipSync(body)], { 'Content-Encoding': coding });
      const { code, detail, parameter } = (await json(response)) as Record<string, string>;
      assert.equal(response.statusCode, 415, coding);
      assert.equal(response.headers['accept-encoding'], 'identity');
      assert.deepEqual(
        [code, parameter, detail],
        ['unsupported_format', 'Content-Encoding', `Expected no Content-Encoding but received "${coding}"`],
      );
    }
    assert.equal(door.performed.length, 0);
  });

  test(`${name} rejects a transfer coding that is not chunked`, async (t) => {
    const door = await open(t);
    const response = await send(door, [method, path, type, gzipSync(body)], { 'Transfer-Encoding': 'gzip, chunked' });
    assert.equal(response.statusCode, 501);
    assert.equal(((await json(response)) as { parameter: string }).parameter, 'Transfer-Encoding');
    assert.equal(door.performed.length, 0);
  });

  test(`${name} accepts the coding identity and chunks`, async (t) => {
    const door = await open(t);
    for (const headers of [{ 'Content-Encoding': 'Identity' }, { 'Transfer-Encoding': 'Chunked' }]) {
      const response = await send(door, upload, headers);
      assert.ok([200, 201].includes(Number(response.statusCode)), String(response.statusCode));
      response.resume();
    }
    assert.equal(door.performed.length, 2);
  });
}
