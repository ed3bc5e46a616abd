import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(300, 200);

/** An HTTP client with this source address. */
function clientFrom(t: TestContext, localAddress: string, http: string) {
  const agent = new Agent({ keepAlive: true, localAddress });
  closeWith(t, () => agent.destroy());
  return (path: string, headers = {}) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const sent = request(http + path, { agent, headers }, async (response) =>
        resolve({ status: response.statusCode, body: await text(response) }),
      );
      sent.on('error', reject).end();
    });
}

test("counts a client's requests at both doors together", async (t) => {
  const { http, zmq } = await startService(t, { env: { IMGWIRE_RATE_LIMIT: '4/h' } });
  const client = connectZmq(t, zmq);
  for (let time = 0; time < 2; time += 1) {
    assert.equal((await fetch(`${http}/images`)).status, 200);
    assert.equal((await client.call({ operation: 'ping' })).json.status, 'success');
  }
  const overHttp = await fetch(`${http}/images`);
  assert.equal(overHttp.status, 429);
  const { json } = await client.call({ operation: 'ping' });
  assert.equal(json.code, 'rate_limited');
  assert.ok(Number(json.retry_after) > 3500 && Number(json.retry_after) <= 3600);
  assert.ok(Math.abs(Number(json.retry_after) - Number(overHttp.headers.get('retry-after'))) <= 30);
  assert.equal((await fetch(`${http}/ready`)).status, 200);
});

test('serves others while a client floods beyond its limit', async (t) => {
  const { http } = await startService(t, { env: { IMGWIRE_RATE_LIMIT: '50/h' } });
  const headers = { 'content-type': 'image/jpeg' };
  const stored = await fetch(`${http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });
  const { image_id } = (await stored.json()) as { image_id: string };
  const flooder = clientFrom(t, '127.0.0.2', http);
  const ended = new AbortController();
  const flood = Array.from({ length: 16 }, async () => {
    const codes: (number | undefined)[] = [];
    while (!ended.signal.aborted) codes.push((await flooder(`/images/${image_id}?width=100`)).status);
    return codes;
  });
  for (const address of ['127.0.0.3', '127.0.0.4']) {
    const other = clientFrom(t, address, http);
    for (let width = 1; width <= 50; width += 1) {
      assert.equal((await other(`/images/${image_id}?width=${width}`)).status, 200);
    }
    assert.equal((await other(`/images/${image_id}?width=1`)).status, 429);
  }
  ended.abort();
  const codes = (await Promise.all(flood)).flat();
  assert.equal(codes.filter((code) => code === 200).length, 50);
  assert.ok(codes.length > 200 && codes.every((code) => code === 200 || code === 429));
});

test('a key is one client from any address and connection; wrong keys count by address', async (t) => {
  const [server, bob, carol] = [curveKeyPair(), curveKeyPair(), curveKeyPair()];
  const secret = 'iw_key-of-alice';
  const hashed = createHash('sha256').update(secret).digest('hex');
  const { http, zmq } = await startService(t, {
    env: {
      IMGWIRE_RATE_LIMIT: '4/h',
      IMGWIRE_API_KEYS: `alice:admin:${hashed},bob:admin:${bob.publicKey},carol:admin:${carol.publicKey}`,
      IMGWIRE_CURVE_SECRET_KEY: server.secretKey,
    },
  });
  const over = async ({ publicKey, secretKey }: typeof bob) => {
    const curve = { curveServerKey: server.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
    const { json } = await connectZmq(t, zmq, curve).call({ operation: 'ping' });
    return json.code ?? json.status;
  };
  const authorization = `Bearer ${secret}`;
  const addresses = [2, 3, 4, 5, 6].map((last) => `127.0.0.${last}`);
  const overHttp = [];
  const overZmq = [];
  for (const address of addresses) {
    overHttp.push((await clientFrom(t, address, http)('/images', { authorization })).status);
    overZmq.push(await over(bob));
  }
  assert.deepEqual(overHttp, [200, 200, 200, 200, 429]);
  assert.deepEqual(overZmq, ['success', 'success', 'success', 'success', 'rate_limited']);
  assert.equal(await over(carol), 'success');
  const stranger = clientFrom(t, '127.0.0.9', http);
  const statuses = [];
  for (let time = 0; time < 5; time += 1) {
    statuses.push((await stranger('/images', { authorization: `Bearer wrong-${time}` })).status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 429]);
});

test('X-Forwarded-For identifies clients behind a trusted proxy, and is ignored otherwise', async (t) => {
  for (const [proxies, expected] of [
    ['127.0.0.1', [200, 200, 429]],
    ['', [200, 429, 429]],
    ['10.0.0.0/8', [200, 429, 429]],
  ] as const) {
    const { http } = await startService(t, { env: { IMGWIRE_RATE_LIMIT: '1/h', IMGWIRE_TRUSTED_PROXIES: proxies } });
    const client = clientFrom(t, '127.0.0.1', http);
    const statuses = [];
    for (const forwarded of ['192.0.2.1', '192.0.2.2', '198.51.100.1, 192.0.2.2']) {
      statuses.push((await client('/images', { 'x-forwarded-for': forwarded })).status);
    }
    assert.deepEqual(statuses, expected, `proxies: ${proxies}`);
  }
});
