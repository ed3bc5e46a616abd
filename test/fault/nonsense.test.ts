import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Dealer } from 'zeromq';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';
import { documentedMemoryLimit, mib, watchMemory } from './memory.ts';
import { createRandom, type Random } from './random.ts';

/*
 * All at once, for 10 seconds or NONSENSE_SECONDS: nonsense at both doors, silent connections, and clients that request
 * images and do not read them.
 */

const seconds = Number(process.env.NONSENSE_SECONDS ?? 10);
const bytesPerSecond = 10_000_000;
const idleConnections = 1000;
const slowReaders = 200;

const documented = documentedMemoryLimit(64 * 2 ** 20, 16 * 2 ** 20);
const env = { ...documented.env, IMGWIRE_TIMEOUT_MS: '60000' };
const picture = await photo(2400, 1800);

async function open(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  closeWith(t, () => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const chunkBytes = 100_000;

function nonsense(random: Random): Buffer {
  const bytes = Buffer.alloc(chunkBytes);
  for (let at = 0; at < chunkBytes; at += 4) bytes.writeUInt32LE(random.below(2 ** 32), at);
  return bytes;
}

interface Flood {
  ended: AbortSignal;
  sent: number;
}

/**
 * Sends chunks at half of `bytesPerSecond`; each new connection, opened when the last was closed, starts with `prefix`.
 */
async function floodSocket(t: TestContext, url: string, prefix: string, chunk: Buffer, flood: Flood): Promise<void> {
  const started = performance.now();
  let socket: Socket | undefined;
  for (let sent = 0; !flood.ended.aborted; sent += chunk.length) {
    if (socket === undefined || socket.destroyed || !socket.writable) {
      socket = await open(t, url).catch(() => undefined);
      socket?.resume().write(prefix);
    }
    if (socket?.writable) {
      const { bytesWritten } = socket;
      await new Promise((resolve) => socket?.write(chunk, resolve));
      flood.sent += socket.bytesWritten - bytesWritten;
    }
    await delay((1000 * sent) / (bytesPerSecond / 2) - (performance.now() - started));
  }
}

/** Sends nonsense messages as a ZeroMQ client, and expects an answer to each. */
async function floodDealer(t: TestContext, url: string, chunk: Buffer, flood: Flood): Promise<Record<string, number>> {
  const dealer = new Dealer({ linger: 0, receiveTimeout: 30_000 });
  closeWith(t, () => dealer.close());
  dealer.connect(url);
  const started = performance.now();
  const codes: Record<string, number> = {};
  for (let sent = 0; !flood.ended.aborted; sent += chunk.length) {
    await dealer.send(['', chunk]);
    const [, json] = await dealer.receive();
    const { code } = JSON.parse(String(json));
    codes[code] = (codes[code] ?? 0) + 1;
    flood.sent += chunk.length;
    await delay((1000 * sent) / (bytesPerSecond / 2) - (performance.now() - started));
  }
  return codes;
}

/** Sends ordinary requests, all of which must succeed. */
async function serveOthers(t: TestContext, { http, zmq }: Service, id: string, ended: AbortSignal): Promise<number> {
  const client = connectZmq(t, zmq);
  let served = 0;
  for (let width = 50; !ended.aborted; width += 1, served += 3) {
    const response = await fetch(`${http}/images/${id}?width=${width}`);
    assert.equal(response.status, 200, await response.text().catch(() => ''));
    assert.equal((await fetch(`${http}/health`)).status, 200);
    const { json } = await client.call({ operation: 'resize', image_id: id, width, transfer_encoding: 'binary' });
    assert.equal(json.width, width, JSON.stringify(json));
  }
  return served;
}

test(`serves others within its memory limit during ${seconds} s of nonsense, idle connections and slow readers`, async (t) => {
  const service = await startService(t, { env });
  const { http, zmq } = service;
  const headers = { 'content-type': 'image/jpeg' };
  const stored = await fetch(`${http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });
  const { image_id } = (await stored.json()) as { image_id: string };
  const memory = watchMemory(service.child.pid as number);
  closeWith(t, memory.stop);

  const half = idleConnections / 2;
  await Promise.all(Array.from({ length: half }, () => open(t, http)));
  const halfSent = await Promise.all(Array.from({ length: half }, () => open(t, http)));
  for (const socket of halfSent) socket.write('GET /images HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  const readers = await Promise.all(Array.from({ length: slowReaders }, () => open(t, http)));
  for (const socket of readers) {
    socket.pause();
    socket.write(`GET /images/${image_id} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(20));
  }

  const random = createRandom(1);
  const flood = { ended: AbortSignal.timeout(seconds * 1000), sent: 0 };
  const json = Buffer.from(`{"operation":"${'x'.repeat(chunkBytes / 2)}"}`);
  const post = `POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 30000000\r\n\r\n`;
  const [codes, served] = await Promise.all([
    floodDealer(t, zmq, json, flood),
    serveOthers(t, service, image_id, flood.ended),
    floodSocket(t, zmq, '', nonsense(random), flood),
    floodSocket(t, http, '', nonsense(random), flood),
    floodSocket(t, http, post, nonsense(random), flood),
  ]);
  memory.stop();
  const { gateway, worker } = memory.peaks;
  console.log(
    `nonsense: ${(flood.sent / seconds / 1e6).toFixed(1)} MB a second for ${seconds} s at two doors, ${idleConnections} idle connections, ` +
      `${slowReaders} slow readers: ${served} requests of others served, ${JSON.stringify(codes)}; ` +
      `gateway ${mib(gateway)} at most, worker ${mib(worker)}`,
  );
  assert.deepEqual(Object.keys(codes), ['invalid_operation']);
  assert.ok(served > 0);
  assert.ok(gateway < documented.gatewayBytes, `${mib(gateway)}, not under ${mib(documented.gatewayBytes)}`);
  assert.deepEqual(
    service.logs.filter(({ msg }) => msg === 'worker lost' || msg === 'internal error' || msg === 'request failed'),
    [],
  );
});
