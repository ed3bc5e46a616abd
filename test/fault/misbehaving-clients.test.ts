import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Dealer } from 'zeromq';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';
import { memoryOf, mib } from './memory.ts';

const picture = await photo(600, 400);
const greeting = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
]);
const ready = Buffer.concat([
  Buffer.from([4, 28]),
  Buffer.from('\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER', 'latin1'),
]);

/** Opens a raw connection that discards input and ignores errors. */
async function open(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  closeWith(t, () => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

function closing(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

async function assertServing(t: TestContext, { http, zmq }: Service): Promise<void> {
  assert.equal((await fetch(`${http}/images`)).status, 200);
  assert.equal((await connectZmq(t, zmq).call({ operation: 'info' }, picture)).json.width, 600);
}

test('cuts off a peer that announces a one-terabyte frame', async (t) => {
  const service = await startService(t);
  const peer = await open(t, service.zmq);
  const closed = closing(peer);
  peer.write(Buffer.concat([greeting, ready, Buffer.from([2, 0, 0, 1, 0, 0, 0, 0, 0])]));
  await closed;
  await assertServing(t, service);
});

test('frees the memory of an aborted message', async (t) => {
  const service = await startService(t);
  const pid = service.child.pid as number;
  const announced = 30 * 2 ** 20;
  const sent = Buffer.alloc(20 * 2 ** 20, 1);
  const breakOff = async () => {
    const peer = await open(t, service.zmq);
    const closed = closing(peer);
    const header = Buffer.alloc(9);
    header[0] = 2;
    header.writeBigUInt64BE(BigInt(announced), 1);
    peer.write(Buffer.concat([greeting, ready, header]));
    // The door closes its side once it has read everything.
    peer.end(sent);
    await closed;
  };
  await breakOff();
  const before = memoryOf(pid).now;
  const times = 20;
  for (let time = 0; time < times; time += 1) await breakOff();
  const grown = memoryOf(pid).now - before;
  assert.ok(grown < (times * sent.length) / 4, `memory has grown by ${mib(grown)}`);
  await assertServing(t, service);
});

test('cuts off non-ZeroMQ peers and incomplete handshakes', async (t) => {
  const service = await startService(t);
  const http = await open(t, service.zmq);
  const closed = closing(http);
  http.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await closed;
  const silent = await open(t, service.zmq);
  const halfway = await open(t, service.zmq);
  halfway.write(greeting.subarray(0, 30));
  await Promise.all([closing(silent), closing(halfway), assertServing(t, service)]);
});

test('serves others despite silent connections, slow uploads and clients that do not read', async (t) => {
  const service = await startService(t);
  const { http, zmq } = service;
  const body = new Uint8Array(picture);
  const stored = await fetch(`${http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
  const { image_id } = (await stored.json()) as { image_id: string };

  const silent = await Promise.all(Array.from({ length: 50 }, () => open(t, http)));
  const slow = await Promise.all(Array.from({ length: 20 }, () => open(t, http)));
  const unread = await Promise.all(Array.from({ length: 20 }, () => open(t, http)));
  for (const socket of slow) {
    socket.write(
      `POST /images HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture.subarray(0, 1000));
  }
  for (const socket of unread) {
    socket.pause();
    for (let time = 0; time < 5; time += 1) socket.write(`GET /images/${image_id} HTTP/1.1\r\nHost: x\r\n\r\n`);
  }

  // A DEALER that keeps sending and reads no replies.
  const dealer = new Dealer({ linger: 0, receiveHighWaterMark: 1 });
  closeWith(t, () => dealer.close());
  dealer.connect(zmq);
  const request = JSON.stringify({ operation: 'retrieve', image_id, transfer_encoding: 'binary' });
  for (let time = 0; time < 200; time += 1) await dealer.send(['', request]);

  for (let time = 0; time < 10; time += 1) await assertServing(t, service);
  assert.deepEqual([...silent, ...slow, ...unread].filter((socket) => socket.destroyed).length, 0);
  // When it finally reads, it gets its replies.
  for (let time = 0; time < 200; time += 1) {
    const [, json] = await dealer.receive();
    assert.equal(JSON.parse(String(json)).status, 'success');
  }
});
