import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { curveKeyPair } from 'zeromq';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { grantOf } from '../helpers/signing.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(300, 200);
const other = await photo(310, 200);
const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const id = idOf(picture);
const jpeg = { 'content-type': 'image/jpeg' };
const signingKey = 'a-signing-key-of-the-tests-0123456789abc';

async function codeOf(response: Response): Promise<{ status: number; code: unknown; detail: string }> {
  const { code, detail } = (await response.json()) as { code: unknown; detail: string };
  return { status: response.status, code, detail };
}

const until = async (condition: () => Promise<boolean>) => {
  while (!(await condition())) await delay(50);
};
const isReady = async ({ http }: Service) => (await fetch(`${http}/ready`)).status === 200;

test('a gateway starts without its upstream, logs it, and works once the upstream is up', async (t) => {
  const folder = await temporaryFolder(t, 'test');
  const endpoint = `ipc://${folder}/node`;
  const env = { IMGWIRE_WORKERS: '0', IMGWIRE_UPSTREAMS: endpoint };
  const front = await startService(t, { env });
  assert.equal((await fetch(`${front.http}/health`)).status, 200);
  assert.equal((await fetch(`${front.http}/ready`)).status, 503);
  await front.waitForLog(({ msg, upstream }) => msg === 'upstream away' && upstream === endpoint);
  const waiting = fetch(`${front.http}/images`, { method: 'POST', headers: jpeg, body: new Uint8Array(picture) });
  await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_ZMQ_ENDPOINT: endpoint } });
  assert.equal((await waiting).status, 201);
  await front.waitForLog(({ msg, protocol }) => msg === 'upstream serves' && protocol === 'imgwire');
  await until(() => isReady(front));
});

test('a gateway supports the maximum number of upstreams and lanes', async (t) => {
  const upstreams = Array.from({ length: 16 }, (_, index) => `tcp://127.0.0.1:${index + 1}`);
  const env = { IMGWIRE_WORKERS: '0', IMGWIRE_UPSTREAMS: upstreams.join(), IMGWIRE_UPSTREAM_LANES: '64' };
  const front = await startService(t, { env });
  for (const endpoint of upstreams)
    await front.waitForLog(({ msg, upstream }) => msg === 'upstream away' && upstream === endpoint);
  assert.ok(front.logs.every(({ reason }) => !String(reason).includes('Too many')));
  assert.equal((await fetch(`${front.http}/health`)).status, 200);
  assert.equal((await front.stop()).code, 0);
});

test('reports a cycle of upstreams', async (t) => {
  const folder = await temporaryFolder(t, 'test');
  const [one, two] = [`ipc://${folder}/one`, `ipc://${folder}/two`];
  // With a shared store, polls for deletions would fill the cycle's lanes, and requests would time out instead.
  const env = { IMGWIRE_STORE: 'fs', IMGWIRE_WORKERS: '0' };
  const start = (own: string, next: string) =>
    startService(t, { env: { ...env, IMGWIRE_ZMQ_ENDPOINT: own, IMGWIRE_UPSTREAMS: next } });
  const [front, back] = await Promise.all([start(one, two), start(two, one)]);
  for (const { waitForLog } of [front, back]) await waitForLog(({ msg }) => msg === 'upstream serves');
  for (const path of [`/images/${id}?width=10`, `/images/${id}`, '/images']) {
    const { status, code, detail } = await codeOf(await fetch(front.http + path));
    assert.deepEqual([status, code], [502, 'worker_lost'], detail);
    assert.match(detail, /IMGWIRE_UPSTREAMS forms a loop/);
  }
  assert.equal(await isReady(front), false);
});

test('everything works over CURVE, and each door authorizes its own client', async (t) => {
  const server = curveKeyPair();
  const known = curveKeyPair();
  const reader = curveKeyPair();
  const node = await startService(t, {
    env: {
      IMGWIRE_WORKERS: '1',
      IMGWIRE_CURVE_SECRET_KEY: server.secretKey,
      IMGWIRE_API_KEYS: `front:read+write+admin:${known.publicKey},reader:read:${reader.publicKey}`,
    },
  });
  const upstreams = `${node.zmq}|${server.publicKey}`;
  const start = (secretKey: string, env = {}) =>
    startService(t, {
      env: {
        IMGWIRE_WORKERS: '0',
        IMGWIRE_UPSTREAMS: upstreams,
        IMGWIRE_ZMQ_ENDPOINT: `ipc://${node.dataDir}-${secretKey === known.secretKey ? 'known' : 'reader'}`,
        IMGWIRE_CURVE_SECRET_KEY: secretKey,
        IMGWIRE_CURVE_CLIENT_KEYS: reader.publicKey,
        ...env,
      },
    });
  const front = await start(known.secretKey, {
    IMGWIRE_SIGNING_KEYS: signingKey,
    IMGWIRE_PRESETS: 'small:width=20&format=auto',
  });
  const put = (name: string, bytes: Buffer) =>
    fetch(`${front.http}/images/${name}`, { method: 'PUT', headers: jpeg, body: new Uint8Array(bytes) });
  const grant = (fields: object) =>
    grantOf(signingKey, { expires: Math.ceil(Date.now() / 1000) + 60, nonce: Math.random().toString(), ...fields });
  const upload = (bytes: Buffer, fields: object) =>
    fetch(`${front.http}/images?grant=${grant(fields)}`, {
      method: 'POST',
      headers: jpeg,
      body: new Uint8Array(bytes),
    });
  assert.equal((await put(id, picture)).status, 201);
  assert.deepEqual((await codeOf(await put(idOf(other), picture))).code, 'invalid_request');
  assert.equal((await codeOf(await upload(other, { max_bytes: 100 }))).code, 'too_large');
  assert.equal((await codeOf(await upload(other, { formats: ['png'] }))).code, 'unsupported_format');
  assert.equal((await upload(other, { formats: ['jpeg'] })).status, 201);

  const part = await fetch(`${front.http}/images/${id}`, { headers: { range: 'bytes=10-19' } });
  assert.equal(part.headers.get('content-range'), `bytes 10-19/${picture.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), picture.subarray(10, 20));
  const chosen = await fetch(`${front.http}/images/${id}?preset=small`, { headers: { accept: 'image/webp' } });
  assert.equal(chosen.headers.get('content-type'), 'image/webp');
  assert.equal((await fetch(`${front.http}/images/${id}/info`)).status, 200);
  assert.equal((await fetch(`${front.http}/images/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await fetch(`${front.http}/images/${id}`)).status, 404);

  const limited = await start(reader.secretKey);
  const body = new Uint8Array(picture);
  const { status, detail } = await codeOf(
    await fetch(`${limited.http}/images`, { method: 'POST', headers: jpeg, body }),
  );
  assert.equal(status, 502);
  assert.match(detail, /upstream that permits this request .* right write/);
  await limited.waitForLog(({ msg, code }) => msg === 'not permitted by an upstream' && code === 'forbidden');
});

test('rejects the fields between nodes from clients, which send no hops', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const client = connectZmq(t, service.zmq);
  const base64 = Buffer.from(picture.toString('base64'));
  const upload = { operation: 'upload', image_encoding: 'base64' };
  assert.equal((await client.call(upload, base64)).json.parameter, 'image_encoding');
  assert.equal((await client.call({ ...upload, hops: 9 }, base64)).json.parameter, 'hops');
  assert.equal((await client.call({ ...upload, hops: '1' }, base64)).json.parameter, 'hops');
  assert.equal((await client.call({ ...upload, hops: 1, deadline: 1 }, base64)).json.parameter, 'deadline');
  assert.equal((await client.call({ ...upload, hops: 1 }, base64)).json.image_id, id);
});

test('a node tells another the version that made a result', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const client = connectZmq(t, service.zmq);
  await client.call({ operation: 'upload' }, picture);
  const { version } = (await client.call({ operation: 'ping' })).json;
  const sets = [{ variants: [{ width: 10 }, { width: 20 }] }, { width: 30 }, { width: 30 }];
  for (const set of sets) {
    const request = { operation: 'resize', image_id: id, ...set, transfer_encoding: 'binary' };
    assert.equal((await client.call({ ...request, hops: 1, tell_version: true })).json.version, version);
    assert.equal((await client.call(request)).json.version, undefined);
  }
});
