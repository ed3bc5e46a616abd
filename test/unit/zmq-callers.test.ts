import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { curveKeyPair, Request } from 'zeromq';
import { createAccess } from '../../src/gateway/access/access.ts';
import { createByteBudget } from '../../src/gateway/limits/byte-budget.ts';
import { createOpenRequests, type RequestContext } from '../../src/gateway/service/request-context.ts';
import type { ZmqHandlers } from '../../src/gateway/zmq/message-handler.ts';
import { bindZmqDoor } from '../../src/gateway/zmq/server.ts';
import { closeWith } from '../helpers/owner.ts';
import { createTestLog } from '../http/door.ts';

const server = curveKeyPair();
const pairs = Array.from({ length: 8 }, (_, index) => ({ name: `client-${index}`, ...curveKeyPair() }));

/** A CURVE door that answers with the caller's name. */
async function open(t: TestContext) {
  const { log, lines } = createTestLog();
  const access = createAccess({
    apiKeys: pairs.map(({ name, publicKey }) => `${name}:read+admin:${publicKey}`).join(','),
    signingKeys: '',
    curveClientKeys: [],
  });
  const door = await bindZmqDoor({
    zmqEndpoint: 'tcp://127.0.0.1:0',
    zmqConnections: 500,
    zmqConnectionsPerAddress: 500,
    isUnlimited: () => true,
    curveSecretKey: server.secretKey,
    allowUnauthenticated: false,
    access,
    backlog: 100,
    maxUploadBytes: 1_000_000,
    log,
  });
  closeWith(t, door.close);
  const perform = async (_request: object, { client }: RequestContext) => ({
    fields: { who: client.name },
    images: [],
  });
  door.serve({
    service: { perform, keyOf: () => undefined } as unknown as ZmqHandlers['service'],
    openRequests: createOpenRequests(10_000),
    rateLimiter: undefined,
    budget: createByteBudget(100_000_000),
    isDraining: () => false,
  });
  return { endpoint: door.endpoint, lines };
}

function connectAs(endpoint: string, { publicKey, secretKey }: { publicKey: string; secretKey: string }): Request {
  const keys = { curveServerKey: server.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  const socket = new Request({ linger: 0, receiveTimeout: 20_000, ...keys });
  socket.connect(endpoint);
  return socket;
}

async function whoAmI(socket: Request): Promise<string> {
  await socket.send(JSON.stringify({ operation: 'ping' }));
  const [json] = await socket.receive();
  return JSON.parse(String(json)).who;
}

test('identifies many concurrent clients by key while others disconnect during the handshake', async (t) => {
  const { endpoint } = await open(t);
  const leaving = setInterval(() => {
    const pair = pairs[Math.floor(Math.random() * pairs.length)] as (typeof pairs)[number];
    const socket = connectAs(endpoint, pair);
    setTimeout(() => socket.close(), Math.random() * 20);
  }, 5);
  closeWith(t, () => clearInterval(leaving));
  for (let round = 0; round < 5; round += 1) {
    const answers = Array.from({ length: 24 }, async (_, index) => {
      const pair = pairs[index % pairs.length] as (typeof pairs)[number];
      const socket = connectAs(endpoint, pair);
      try {
        return [await whoAmI(socket), pair.name];
      } finally {
        socket.close();
      }
    });
    for (const [who, name] of await Promise.all(answers)) assert.equal(who, name);
  }
});

const signature = Buffer.from('ff00000000000000017f', 'hex');

/** Greetings of clients without CURVE; all then send a routing id and a request. */
const greetings: Record<string, Buffer> = {
  'ZMTP 1.0': Buffer.from('0100', 'hex'),
  'ZMTP 1.0 with a signature': Buffer.concat([signature, Buffer.from('00', 'hex')]),
  'ZMTP 2.0': Buffer.concat([signature, Buffer.from('0103', 'hex'), Buffer.from('0000', 'hex')]),
  'ZMTP 3.0 with NULL': Buffer.concat([signature, Buffer.from('0300', 'hex'), Buffer.from('NULL'), Buffer.alloc(48)]),
};

for (const [kind, greeting] of Object.entries(greetings)) {
  test(`does not answer a ${kind} client`, async (t) => {
    const { endpoint } = await open(t);
    const socket: Socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
    closeWith(t, () => socket.destroy());
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(greeting);
    const json = Buffer.from(JSON.stringify({ operation: 'ping' }));
    // ZMTP 1 frames have their flags after the length, ZMTP 2 and 3 before it.
    socket.write(Buffer.concat([Buffer.from([1, 1]), Buffer.from([json.length + 1, 0]), json]));
    socket.write(Buffer.concat([Buffer.from([1, 0]), Buffer.from([0, json.length]), json]));
    await Promise.race([
      new Promise((resolve) => socket.once('close', resolve)),
      new Promise((resolve) => setTimeout(resolve, 6_500)),
    ]);
    assert.ok(!received.includes('success') && !received.includes('status'), received);
  });
}
