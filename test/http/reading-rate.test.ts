import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { sendBufferBytes } from '../../src/gateway/limits/send-buffer.ts';
import { closeWith } from '../helpers/owner.ts';
import { anyId, openDoor, type TestDoor } from './door.ts';

const bytesPerSecond = 16_384;
const intervalSeconds = 10;

const get = `GET /images/${anyId} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** Opens a client under a mock clock: only `wait()` passes time, so the machine's speed does not matter. */
async function openReader(t: TestContext, imageBytes: number) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const image = Buffer.alloc(imageBytes);
  const door = await openDoor(t, {
    budgetBytes: 200_000_000,
    perform: ({ request }) =>
      request.operation === 'list'
        ? new Promise(() => {})
        : { fields: { media_type: 'image/png', size: image.length }, image },
  });
  const socket = connect({ port: door.port, host: '127.0.0.1', noDelay: true });
  closeWith(t, () => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  return { door, socket, wait: (seconds: number) => t.mock.timers.tick(seconds * 1000) };
}

/** @returns the bytes read, fewer than asked for only at the end */
async function read(socket: Socket, bytes: number): Promise<number> {
  let got = 0;
  while (got < bytes) {
    const chunk = socket.read(Math.min(bytes - got, socket.readableLength));
    if (chunk !== null) got += chunk.length;
    else if (socket.readableEnded || socket.destroyed) break;
    else await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
  return got;
}

const isCutOff = ({ lines }: TestDoor) => lines.some(({ msg }) => msg === 'slow reader cut off');

for (const rate of [bytesPerSecond, 20_000, 50_000, 100_000]) {
  test(`serves all of several images to a client that reads steadily at ${rate} bytes a second`, async (t) => {
    const size = 9_000_000;
    const { door, socket, wait } = await openReader(t, size);
    for (let time = 0; time < 3; time += 1) {
      socket.write(get);
      for (let got = 0; got < size; ) {
        got += await read(socket, Math.min(rate, size - got));
        assert.equal(socket.destroyed, false, `cut off after ${got} bytes`);
        wait(1);
      }
    }
    assert.equal(isCutOff(door), false);
  });
}

/** @returns seconds until a client that reads at this rate is cut off */
async function secondsUntilCutOff({ door, socket, wait }: Awaited<ReturnType<typeof openReader>>, rate: number) {
  for (let seconds = 1; seconds < 10_000; seconds += 1) {
    await read(socket, rate);
    wait(1);
    if (!isCutOff(door)) continue;
    await door.openRequests.idle();
    return seconds;
  }
  throw new Error('Expected a reader that is cut off');
}

const bufferSeconds = Math.ceil(sendBufferBytes / bytesPerSecond) + 2 * intervalSeconds;

test("cuts off a client that reads nothing once one at the limit would have drained the kernel's buffer", async (t) => {
  const reader = await openReader(t, 40_000_000);
  reader.socket.write(get);
  await once(reader.socket, 'readable');
  const seconds = await secondsUntilCutOff(reader, 0);
  assert.ok(seconds >= intervalSeconds && seconds <= bufferSeconds, `${seconds} s`);
});

test('a client that reads fast at first and then nothing is cut off as early', async (t) => {
  const reader = await openReader(t, 100_000_000);
  reader.socket.write(get);
  await read(reader.socket, 60_000_000);
  const seconds = await secondsUntilCutOff(reader, 0);
  assert.ok(seconds <= bufferSeconds, `${seconds} s`);
});

test('cuts off a client that reads at half the limit before the end', async (t) => {
  const reader = await openReader(t, 40_000_000);
  reader.socket.write(get);
  const seconds = await secondsUntilCutOff(reader, bytesPerSecond / 2);
  assert.ok(seconds <= 2 * bufferSeconds, `${seconds} s`);
});

test('does not cut off a client whose response waits behind another one', async (t) => {
  const reader = await openReader(t, 100);
  const { door, socket, wait } = reader;
  // The list is never answered, so the response behind it waits.
  socket.write(`GET /images HTTP/1.1\r\nHost: localhost\r\n\r\n${get}`);
  while (door.budget.used === 0) await new Promise(setImmediate);
  wait(10 * bufferSeconds);
  assert.equal(isCutOff(door), false);
});
