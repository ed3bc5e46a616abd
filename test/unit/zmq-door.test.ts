import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { curveKeyPair, Dealer, Publisher, Pull, Push, Request, Subscriber } from 'zeromq';
import { createAccess } from '../../src/gateway/access/access.ts';
import { createByteBudget } from '../../src/gateway/limits/byte-budget.ts';
import { createRateLimiter, type RateLimiter } from '../../src/gateway/limits/rate-limit.ts';
import { createOpenRequests, type RequestContext } from '../../src/gateway/service/request-context.ts';
import type { ZmqHandlers } from '../../src/gateway/zmq/message-handler.ts';
import { bindZmqDoor, type ZmqDoorOptions } from '../../src/gateway/zmq/server.ts';
import type { Logger } from '../../src/log.ts';
import { closeWith } from '../helpers/owner.ts';

type Line = Record<string, unknown> & { msg: string };

/** A log with a wait for lines. */
function createLog() {
  const lines: Line[] = [];
  let waiting: (() => void)[] = [];
  const write = (fields: object, msg: string) => {
    lines.push({ ...fields, msg });
    for (const check of waiting) check();
  };
  return {
    log: { debug() {}, info: write, warn: write, error: write } as unknown as Logger,
    lines,
    waitForLog(msg: string, reason = /./, count = 1): Promise<Line[]> {
      const find = () => lines.filter((line) => line.msg.startsWith(msg) && reason.test(String(line.reason ?? ' ')));
      return new Promise((resolve) => {
        const check = () => {
          if (find().length < count) return;
          waiting = waiting.filter((one) => one !== check);
          resolve(find());
        };
        waiting.push(check);
        check();
      });
    },
  };
}

const ok = { fields: {}, images: [] };

/** A door in front of a service that answers with `perform`. */
async function open(
  t: TestContext,
  perform: (request: { operation: string }, context: RequestContext) => unknown = () => ok,
  options: Partial<ZmqDoorOptions> = {},
  budget = createByteBudget(100_000_000),
  rateLimiter?: RateLimiter,
) {
  const { log, lines, waitForLog } = createLog();
  const door = await bindZmqDoor({
    zmqEndpoint: 'tcp://127.0.0.1:0',
    zmqConnections: 100,
    zmqConnectionsPerAddress: 100,
    isUnlimited: () => false,
    curveSecretKey: '',
    access: createAccess({ apiKeys: '', signingKeys: '', curveClientKeys: [] }),
    allowUnauthenticated: false,
    backlog: 100,
    maxUploadBytes: 1_000_000,
    log,
    ...options,
  });
  closeWith(t, door.close);
  const openRequests = createOpenRequests(10_000);
  let draining = false;
  door.serve({
    service: { perform, keyOf: () => undefined } as unknown as ZmqHandlers['service'],
    openRequests,
    rateLimiter,
    budget,
    isDraining: () => draining,
  });
  return { door, endpoint: door.endpoint, lines, waitForLog, openRequests, budget, drain: () => (draining = true) };
}

function client<S extends { connect(endpoint: string): void; close(): void }>(
  t: TestContext,
  socket: S,
  at: string,
): S {
  closeWith(t, () => socket.close());
  socket.connect(at);
  return socket;
}

const quiet = { linger: 0, reconnectInterval: 60_000 };
const request = (t: TestContext, at: string, options = {}) =>
  client(t, new Request({ ...quiet, receiveTimeout: 10_000, ...options }), at);
const ask = async (socket: Request, message: unknown) => {
  await socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const [json] = await socket.receive();
  return JSON.parse(String(json));
};

test('puts a request id into every reply, and answers requests without a delimiter', async (t) => {
  const { endpoint } = await open(t);
  const socket = request(t, endpoint);
  assert.equal((await ask(socket, { operation: 'ping', request_id: 'r' })).request_id, 'r');
  assert.equal((await ask(socket, { operation: 'explode', request_id: 'r' })).request_id, 'r');
  for (const message of [{ operation: 'ping' }, { operation: 'ping', request_id: 7 }, 'not JSON', '']) {
    assert.match((await ask(socket, message)).request_id, /^[0-9a-f-]{36}$/);
  }
  const dealer = client(t, new Dealer(quiet), endpoint);
  for (const undelimited of [['{}'], ['']]) {
    await dealer.send(undelimited);
    const reply = await dealer.receive();
    assert.match(String(reply.at(-1)), /empty delimiter frame/);
  }
});

test('logs one line for each incompatible peer', async (t) => {
  const { endpoint, waitForLog } = await open(t);
  const keys = curveKeyPair();
  const curve = { curveServerKey: keys.publicKey, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey };
  const { hostname, port } = new URL(endpoint);
  const http = connect(Number(port), hostname);
  closeWith(t, () => http.destroy());
  http.on('error', () => {});
  http.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => http.resume().once('close', resolve));
  await waitForLog('peer cut off', /HTTP/, 1);
  let count = 1;
  for (const Kind of [Publisher, Push, Pull, Subscriber]) {
    client(t, new Kind(quiet), endpoint);
    count += 1;
    // What the monitor reports depends on which side notices the mismatch first.
    assert.equal(
      (await waitForLog('peer cut off', /handshake|incompatible socket type/, count)).length,
      count,
      Kind.name,
    );
  }
  request(t, endpoint, curve);
  await waitForLog('peer cut off', /mechanism|handshake/, count + 1);
  assert.equal((await ask(request(t, endpoint), { operation: 'ping' })).status, 'success');
});

test('admits only clients with a known CURVE key', async (t) => {
  const server = curveKeyPair();
  const known = curveKeyPair();
  const stranger = curveKeyPair();
  const { endpoint, waitForLog } = await open(t, undefined, {
    zmqEndpoint: 'tcp://*:0',
    curveSecretKey: server.secretKey,
    access: createAccess({ apiKeys: '', signingKeys: '', curveClientKeys: [known.publicKey] }),
  });
  const at = endpoint.replace('0.0.0.0', '127.0.0.1');
  const connectAs = ({ publicKey, secretKey }: typeof known, curveServerKey = server.publicKey) =>
    request(t, at, { curveServerKey, curvePublicKey: publicKey, curveSecretKey: secretKey });
  assert.equal((await ask(connectAs(known), { operation: 'ping' })).status, 'success');
  connectAs(stranger);
  await waitForLog('peer cut off', /unknown CURVE key/);
  connectAs(known, stranger.publicKey);
  await waitForLog('peer cut off', /wrong public CURVE key of the server/);
  request(t, at);
  await waitForLog('peer cut off', /another mechanism|mechanism mismatch/);
});

test('binds public addresses only with keys, or with a warning if allowed', async (t) => {
  await assert.rejects(
    open(t, undefined, { zmqEndpoint: 'tcp://0.0.0.0:0' }),
    /IMGWIRE_API_KEYS.*IMGWIRE_ZMQ_ENDPOINT.*keygen.*IMGWIRE_ALLOW_UNAUTHENTICATED=true/,
  );
  const { lines } = await open(t, undefined, { zmqEndpoint: 'tcp://0.0.0.0:0', allowUnauthenticated: true });
  assert.match(String(lines[0]?.msg), /open to everyone/);
});

test('names the setting if an endpoint is in use', async (t) => {
  const { endpoint } = await open(t);
  await assert.rejects(open(t, undefined, { zmqEndpoint: endpoint }), /IMGWIRE_ZMQ_ENDPOINT.*in use/);
});

test('takes over a stale ipc path, but not one in use', async (t) => {
  const path = join(tmpdir(), `imgwire-left-${process.pid}`);
  closeWith(t, () => rmSync(path, { force: true }));
  const program = 'net.createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(process.execPath, ['-e', program, path]);
  assert.ok(existsSync(path));
  const { endpoint } = await open(t, undefined, { zmqEndpoint: `ipc://${path}` });
  assert.equal((await ask(request(t, endpoint), { operation: 'ping' })).status, 'success');
  await assert.rejects(open(t, undefined, { zmqEndpoint: endpoint }), /no other process/);
  assert.equal((await ask(request(t, endpoint), { operation: 'ping' })).status, 'success');
});

test('rejects connections over the limit, and accepts new ones after some have closed', async (t) => {
  const { endpoint, waitForLog } = await open(t, undefined, { zmqConnections: 2 });
  const first = request(t, endpoint);
  await ask(first, { operation: 'ping' });
  await ask(request(t, endpoint), { operation: 'ping' });
  const third = request(t, endpoint, { reconnectInterval: 50 });
  await waitForLog('peer cut off', /too many connections/);
  first.close();
  assert.equal((await ask(third, { operation: 'ping' })).status, 'success');
});

test('rejects connections over the limit per address, and accepts new ones after some have closed', async (t) => {
  const { endpoint, waitForLog } = await open(t, undefined, { zmqConnectionsPerAddress: 2 });
  const admitted = [request(t, endpoint), request(t, endpoint)];
  for (const socket of admitted) assert.equal((await ask(socket, { operation: 'ping' })).status, 'success');
  const refused = request(t, endpoint, { reconnectInterval: 50 });
  const [line] = await waitForLog('peer cut off', /too many connections/);
  assert.equal(line?.peer, '127.0.0.1');
  admitted[0]?.close();
  assert.equal((await ask(refused, { operation: 'ping' })).status, 'success');
});

test('limits connections of exempt addresses only in total', async (t) => {
  const { endpoint } = await open(t, undefined, { zmqConnectionsPerAddress: 1, isUnlimited: () => true });
  for (const socket of [request(t, endpoint), request(t, endpoint)]) {
    assert.equal((await ask(socket, { operation: 'ping' })).status, 'success');
  }
});

test('answers rate_limited with retry_after over the limit, even to malformed requests', async (t) => {
  const rateLimiter = createRateLimiter('2/min');
  const { endpoint } = await open(t, undefined, {}, undefined, rateLimiter);
  const socket = request(t, endpoint);
  assert.equal((await ask(socket, { operation: 'ping' })).status, 'success');
  assert.equal((await ask(socket, 'nonsense')).code, 'invalid_request');
  for (const message of [{ operation: 'ping', request_id: 'r' }, 'nonsense']) {
    const { code, retry_after, request_id } = await ask(socket, message);
    assert.equal(code, 'rate_limited');
    assert.ok(retry_after > 50 && retry_after <= 60, `${retry_after}`);
    if (message !== 'nonsense') assert.equal(request_id, 'r');
  }
  const other = await ask(request(t, endpoint), { operation: 'ping' });
  assert.equal(other.code, 'rate_limited', 'another connection from the same address');
});

test('logs a second client with a routing id in use', async (t) => {
  const { endpoint, waitForLog } = await open(t);
  const same = () => client(t, new Dealer({ ...quiet, routingId: 'same' }), endpoint);
  const first = same();
  await first.send(['', '{"operation":"ping"}']);
  await first.receive();
  same();
  await waitForLog('peer ignored', /routing id already in use/);
});

test('aborts the requests of a disconnected client, and knows its address', async (t) => {
  let start = (_: RequestContext) => {};
  const started = new Promise<RequestContext>((resolve) => {
    start = resolve;
  });
  const { endpoint, openRequests, waitForLog } = await open(t, (_, context) => {
    start(context);
    return new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)));
  });
  const socket = request(t, endpoint);
  await socket.send('{"operation":"list"}');
  const context = await started;
  assert.equal(context.client.address, '127.0.0.1');
  socket.close();
  await openRequests.idle();
  await waitForLog('reply not delivered: the client has gone');
});

test('bounds the replies queued for a client that does not read, cuts it off once, and serves it when it reads again', async (t) => {
  // All at once, as requests are rejected while replies wait; and more than the kernel and libzmq buffer.
  const requests = 60;
  let arrived = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { endpoint, budget, waitForLog, openRequests } = await open(
    t,
    async ({ operation }) => {
      if (operation !== 'resize') return ok;
      arrived += 1;
      if (arrived === requests) release();
      await released;
      return { fields: {}, images: [Buffer.alloc(1_000_000)] };
    },
    { maxQueuedBytes: 5_000_000 },
  );
  const dealer = client(t, new Dealer({ ...quiet, receiveHighWaterMark: 1 }), endpoint);
  const resize = JSON.stringify({ operation: 'resize', image_data: 'AAAA', transfer_encoding: 'binary' });
  for (let count = 0; count < requests; count += 1) await dealer.send(['', resize]);
  const [line] = await waitForLog('peer cut off', /not read/);
  assert.equal(line?.peer, '127.0.0.1');
  assert.equal((await ask(request(t, endpoint), { operation: 'ping' })).status, 'success');
  await openRequests.idle();
  assert.equal(budget.used, 0);
  assert.equal((await waitForLog('peer cut off')).length, 1);

  // Reads what libzmq and the kernel have buffered until a request is answered again; earlier replies may be dropped.
  let isServed = false;
  const reading = (async () => {
    for await (const [, json] of dealer) {
      const { request_id: id, status } = JSON.parse(String(json));
      isServed = id === 'again' && status === 'success';
      if (isServed) return;
    }
  })();
  const other = request(t, endpoint);
  while (!isServed) {
    await dealer.send(['', '{"operation":"list","request_id":"again"}']);
    await ask(other, { operation: 'ping' });
  }
  await reading;
});

test("answers overloaded while another request uses more than the door's share", async (t) => {
  const budget = createByteBudget(1000, 500);
  const { endpoint, openRequests } = await open(t, undefined, {}, budget);
  const large = budget.reserve(900);
  const socket = request(t, endpoint);
  assert.equal((await ask(socket, { operation: 'ping' })).code, 'overloaded');
  large.release();
  assert.equal((await ask(socket, { operation: 'ping' })).status, 'success');
  await openRequests.idle();
});

test('answers shutting_down before it closes', async (t) => {
  const { door, endpoint, drain } = await open(t);
  const socket = request(t, endpoint);
  await ask(socket, { operation: 'ping' });
  drain();
  const closed = door.close();
  assert.equal((await ask(socket, { operation: 'ping' })).code, 'shutting_down');
  await closed;
});
