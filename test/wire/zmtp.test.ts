import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startService } from '../helpers/service.ts';

const signature = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]);

/** A connection without a library, whose bytes can be waited for. */
async function open(t: TestContext, url: string): Promise<{ socket: Socket; read(bytes: number): Promise<Buffer> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  let come = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    come = Buffer.concat([come, chunk]);
  });
  return {
    socket,
    async read(bytes) {
      while (come.length < bytes) await once(socket, 'data');
      const read = come.subarray(0, bytes);
      come = come.subarray(bytes);
      return read;
    },
  };
}

const greeting = (mechanism: string) =>
  Buffer.concat([signature, Buffer.from([3, 1]), Buffer.from(mechanism.padEnd(20, '\0')), Buffer.alloc(32)]);

const ready = (type: 'REQ' | 'SUB') => Buffer.from(`\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03${type}`, 'latin1');

test('serves a peer that speaks the protocol without commands', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { socket, read } = await open(t, service.zmq);
  // Version 2 of the protocol, a REQ, no name; then a request.
  socket.write(Buffer.concat([signature, Buffer.from([1, 3, 0, 0])]));
  assert.deepEqual(await read(14), Buffer.concat([signature, Buffer.from([3, 6, 0, 0])]));
  const request = Buffer.from(JSON.stringify({ operation: 'ping' }));
  for (const byte of Buffer.concat([Buffer.from([1, 0, 0, request.length]), request]))
    socket.write(Buffer.from([byte]));
  const [more, delimiter, last, length] = await read(4);
  assert.deepEqual([more, delimiter, last], [1, 0, 0]);
  assert.equal(JSON.parse(String(await read(length as number))).message, 'pong');
});

test('answers heartbeats, and takes requests that come in one piece with the handshake', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { socket, read } = await open(t, service.zmq);
  const ping = Buffer.from('\x04\x0b\x04PING\0\x0amark', 'latin1');
  socket.write(Buffer.concat([greeting('NULL'), ready('REQ'), ping]));
  const hello = await read(64);
  assert.deepEqual([hello[10], hello.toString('latin1', 12, 16)], [3, 'NULL']);
  const [flags, length] = await read(2);
  assert.equal(flags, 4);
  assert.ok((await read(length as number)).includes('ROUTER'));
  assert.deepEqual(await read(11), Buffer.from('\x04\x09\x04PONGmark', 'latin1'));
});

test('cuts off who wants encryption, and sockets that neither ask nor deal', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { socket } = await open(t, service.zmq);
  socket.write(greeting('CURVE'));
  await once(socket, 'close');
  await service.logged(({ msg, reason }) => msg === 'peer cut off' && /CURVE/.test(String(reason)));
  // libzmq's own SUB may give up first, when it has read what kind of socket answers it.
  const { socket: subscriber } = await open(t, service.zmq);
  subscriber.write(Buffer.concat([greeting('NULL'), ready('SUB')]));
  await once(subscriber, 'close');
  await service.logged(({ msg, reason }) => msg === 'peer cut off' && /SUB/.test(String(reason)));
});
