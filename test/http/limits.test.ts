import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';
import { anyId, openDoor, type TestDoor } from './door.ts';

/** A raw connection to a door, with the answer received. */
async function open(t: TestContext, { port }: TestDoor, text: string) {
  const socket = connect(port, '127.0.0.1');
  closeWith(t, () => socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const answered = async () => {
    while (!received.includes('\r\n\r\n')) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return received;
  };
  return { socket, answered };
}

const upload = (length: number) =>
  `POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`;

const fast = { bytesPerSecond: 100_000, intervalMs: 100, bufferBytes: 100_000 };

test('connections that only announce large bodies use no budget', async (t) => {
  const door = await openDoor(t, { budgetBytes: 100_000, perform: () => ({ fields: { image_id: anyId } }) });
  const idle = await Promise.all(Array.from({ length: 8 }, () => open(t, door, upload(90_000))));
  while (door.openRequests.size < idle.length) await new Promise(setImmediate);
  assert.equal(door.budget.used, 0);
  const body = new Uint8Array(90_000);
  const headers = { 'content-type': 'image/jpeg' };
  assert.equal((await fetch(`${door.url}/images`, { method: 'POST', headers, body })).status, 200);
});

test('answers an upload below the minimum rate with 408, and releases its budget', async (t) => {
  const door = await openDoor(t, { transferRate: fast });
  const { socket, answered } = await open(t, door, `${upload(90_000)}${'x'.repeat(100)}`);
  const closed = once(socket, 'close');
  assert.match(await answered(), /^HTTP\/1.1 408 /);
  await closed;
  assert.equal(door.budget.used, 0);
  assert.equal(door.performed.length, 0);
});

test('cuts off a client that reads its image too slowly, and releases its budget then', async (t) => {
  const image = Buffer.alloc(20_000_000);
  const door = await openDoor(t, {
    transferRate: fast,
    budgetBytes: 30_000_000,
    perform: () => ({ fields: { media_type: 'image/png', size: image.length }, image }),
  });
  const { socket } = await open(t, door, `GET /images/${anyId} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  socket.pause();
  await door.waitForLog(({ msg }) => msg === 'slow reader cut off');
  await door.waitForLog(({ msg }) => msg === 'request dropped by the client');
  assert.equal(door.budget.used, 0);
});

test('rejects images over the budget before sending any of them', async (t) => {
  const images = [Buffer.alloc(20_000_000), Buffer.alloc(20_000_000)];
  const door = await openDoor(t, {
    budgetBytes: 30_000_000,
    perform: () => ({ fields: { media_type: 'image/png', size: 20_000_000 }, image: images.pop() as Buffer }),
  });
  const { socket } = await open(t, door, `GET /images/${anyId} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  const second = await fetch(`${door.url}/images/${anyId}`);
  assert.deepEqual([second.status, second.headers.get('retry-after')], [503, '1']);
});

test("Fastify's own errors keep their status on every path", async (t) => {
  const door = await openDoor(t);
  for (const path of ['/health', '/images', `/images/${anyId}`, '/resize', '/nowhere', '/']) {
    const { answered } = await open(t, door, `QUERY ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const text = await answered();
    const status = Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]);
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
    assert.match(text, /application\/problem\+json/);
  }
});

test('closes and logs connections over the limit, and serves later ones', async (t) => {
  const door = await openDoor(t, { config: { httpConnections: 2 } });
  const [one, two] = await Promise.all([open(t, door, ''), open(t, door, '')]);
  while ((await connectionsOf(door)) < 2) await new Promise(setImmediate);
  const { socket } = await open(t, door, '');
  await once(socket, 'close');
  await door.waitForLog(({ level, msg }) => Number(level) === 40 && /connection/.test(String(msg)));
  one.socket.destroy();
  two.socket.destroy();
  while ((await connectionsOf(door)) > 0) await new Promise(setImmediate);
  assert.equal((await fetch(`${door.url}/health`)).status, 200);
});

function connectionsOf({ app }: TestDoor): Promise<number> {
  return new Promise((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
