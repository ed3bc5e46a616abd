import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';
import { anyId, openDoor, type TestDoor } from './door.ts';

async function open(t: TestContext, door: TestDoor): Promise<Socket> {
  const socket = connect(door.port, '127.0.0.1');
  closeWith(t, () => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const upload = (length: number) =>
  `POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: ${length}\r\n\r\n`;

test('closes and logs connections over the limit, and serves the others', async (t) => {
  const door = await openDoor(t, { config: { httpConnections: 2 } });
  const kept = [await open(t, door), await open(t, door)];
  const dropped = await open(t, door);
  dropped.resume();
  await once(dropped, 'close');
  const line = await door.waitForLog(({ msg }) => msg === 'connections over the limit closed');
  assert.deepEqual([line.level, line.limit, line.dropped, line.address], [40, 2, 1, '127.0.0.1']);
  for (const socket of kept) {
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.match(await text(socket), /^HTTP\/1\.1 200 /);
  }
});

test('connections that only announce bodies use no budget', async (t) => {
  const door = await openDoor(t, { budgetBytes: 100_000 });
  const arrived = new Promise<void>((resolve) => {
    let requests = 0;
    door.app.server.on('request', () => {
      requests += 1;
      if (requests === 20) setImmediate(resolve);
    });
  });
  for (let index = 0; index < 20; index += 1) (await open(t, door)).write(upload(90_000));
  await arrived;
  assert.equal(door.budget.used, 0);
  const headers = { 'content-type': 'image/png' };
  const body = Buffer.alloc(90_000);
  assert.equal((await fetch(`${door.url}/images`, { method: 'POST', headers, body })).status, 200);
});

test('rejects a body in the middle once it exceeds the budget', async (t) => {
  const door = await openDoor(t, { budgetBytes: 50_000 });
  const headers = { 'content-type': 'image/png' };
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(90_000));
      controller.close();
    },
  });
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  const response = await fetch(`${door.url}/images`, init);
  assert.equal(response.status, 503);
  assert.equal(door.performed.length, 0);
});

for (const [name, head] of [
  ['an image', upload(90_000)],
  [
    'a form',
    'POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000\r\n\r\n--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
  ],
  [
    'JSON',
    `POST /images/${anyId}/variants HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
  ],
] as const) {
  test(`answers ${name} that arrives too slowly with 408, and closes the connection`, async (t) => {
    const door = await openDoor(t, { transferRate: { bytesPerSecond: 1_000_000, intervalMs: 100 } });
    const socket = await open(t, door);
    socket.write(head);
    const dripping = setInterval(() => socket.write('x'), 20);
    closeWith(t, () => clearInterval(dripping));
    const response = await text(socket);
    assert.match(response, /^HTTP\/1\.1 408 /);
    assert.match(response, /connection: close/i);
    assert.match(response, /"code":"invalid_request"/);
    await door.waitForLog(({ status }) => status === 408);
    assert.equal(door.budget.used, 0);
    assert.equal(door.performed.length, 0);
  });
}

const large = Buffer.alloc(40_000_000);

test('cuts off a client that does not read its image, and releases its bytes', async (t) => {
  const door = await openDoor(t, {
    budgetBytes: 100_000_000,
    transferRate: { bytesPerSecond: 1_000_000, intervalMs: 200, bufferBytes: 200_000 },
    perform: () => ({ fields: { media_type: 'image/png' }, image: large }),
  });
  const socket = await open(t, door);
  socket.pause();
  socket.write(`GET /images/${anyId} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const line = await door.waitForLog(({ msg }) => msg === 'slow reader cut off');
  assert.equal(line.level, 40);
  assert.ok(Number(line.unsent) > 0);
  await door.waitForLog(({ msg }) => msg === 'request dropped by the client');
  assert.equal(door.budget.used, 0);
  assert.equal(door.openRequests.size, 0);
});

test('unread images count in the budget, and more of them are rejected', async (t) => {
  const door = await openDoor(t, {
    budgetBytes: 100_000_000,
    perform: () => ({ fields: { media_type: 'image/png' }, image: Buffer.alloc(40_000_000) }),
  });
  for (let index = 1; index <= 2; index += 1) {
    const socket = await open(t, door);
    socket.pause();
    socket.write(`GET /images/${anyId} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    while (door.budget.used < index * 40_000_000) await new Promise(setImmediate);
  }
  const response = await fetch(`${door.url}/images/${anyId}`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
});

test('unread lists count in the budget, and their reader is cut off', async (t) => {
  const images = Array.from({ length: 1000 }, () => ({ image_id: anyId, size: 1, created_at: '2026-01-01T00:00:00Z' }));
  const door = await openDoor(t, {
    budgetBytes: 20_000_000,
    transferRate: { bytesPerSecond: 1_000_000, intervalMs: 200, bufferBytes: 200_000 },
    perform: () => ({ fields: { images } }),
  });
  const socket = await open(t, door);
  socket.pause();
  socket.write('GET /images HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100));
  while (door.budget.used < 5_000_000) await new Promise(setImmediate);
  await door.waitForLog(({ msg }) => msg === 'slow reader cut off');
  await door.openRequests.idle();
  assert.equal(door.budget.used, 0);
});

test('closes pipelined requests when their connection is lost', async (t) => {
  const door = await openDoor(t, {
    perform: ({ request, context }) =>
      request.operation === 'list'
        ? new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('aborted'))))
        : { fields: { media_type: 'image/png' }, image: Buffer.alloc(1000) },
  });
  const socket = await open(t, door);
  const head = ' HTTP/1.1\r\nHost: localhost\r\n\r\n';
  socket.write(`GET /images${head}${`GET /images/${anyId}${head}`.repeat(20)}`);
  while (door.performed.length < 21 || door.budget.used === 0) await new Promise(setImmediate);
  socket.destroy();
  await door.openRequests.idle();
  assert.equal(door.budget.used, 0);
});

for (const path of ['/health', '/images', `/images/${anyId}/info`, '/resize']) {
  for (const method of ['PATCH', 'PUT', 'QUERY', 'PROPFIND']) {
    test(`${method} ${path} without Content-Type is not a server error`, async (t) => {
      const door = await openDoor(t);
      const socket = await open(t, door);
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`);
      const response = await text(socket);
      assert.match(response, /^HTTP\/1\.1 405 /);
      assert.match(response, /\r\nallow: /i);
      assert.match(response, /application\/problem\+json/);
    });
  }
}
