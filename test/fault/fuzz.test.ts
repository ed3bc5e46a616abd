import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq, type ZmqClient } from '../helpers/zmq-client.ts';
import { assertHealthy, attempt, post, statuses, tally } from './attempt.ts';
import { createRandom, mutate, type Random } from './random.ts';
import { smallFiles } from './small-files.ts';

/*
 * Random inputs: every one must be answered, none with `internal`, and no worker may be lost.
 * The seed is printed; FUZZ_SEED sets another one.
 */

const seed = Number(process.env.FUZZ_SEED ?? 1);
assert.ok(Number.isSafeInteger(seed), `Expected an integer for FUZZ_SEED but received "${process.env.FUZZ_SEED}"`);
const clients = 4;
const files = await smallFiles();
const formats = Object.keys(files);

/** Runs `count` turns, a few concurrently, and returns the code of each answer. */
async function fuzz(
  service: Service,
  count: number,
  runTurn: (random: Random, zmq: ZmqClient, number: number) => Promise<string>,
  t: { after(close: () => unknown): void },
): Promise<string[]> {
  const codes: string[] = [];
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const zmq = connectZmq(t, service.zmq);
      for (let number = client; number < count; number += clients) {
        // A seed per turn, so one can be repeated without the others.
        const random = createRandom(seed + number * 7919);
        const code = await runTurn(random, zmq, number).catch((cause) => {
          throw new Error(`seed ${seed}, turn ${number}: ${cause.message}`, { cause });
        });
        assert.notEqual(code, 'internal', `seed ${seed}, turn ${number}`);
        codes.push(code);
      }
    }),
  );
  await assertHealthy(service, `seed ${seed}`, true);
  assert.deepEqual([service.child.exitCode, service.child.signalCode], [null, null]);
  assert.equal(codes.length, count);
  return codes;
}

async function over(zmq: ZmqClient, first: object | Buffer, ...more: Buffer[]): Promise<string> {
  const { json, frames } = await zmq.call(first, ...more);
  assert.ok(frames.length === 1 || json.status === 'success');
  if (json.status === 'success') return 'success';
  assert.equal(json.status, 'error');
  assert.ok(String(json.code) in statuses, String(json.code));
  assert.ok(typeof json.message === 'string' && json.message.length > 0);
  return String(json.code);
}

const settings = { IMGWIRE_WORKERS: '2', IMGWIRE_LOG_LEVEL: 'info' };

test('answers 2,000 randomly mutated files', { timeout: 180_000 }, async (t) => {
  const service = await startService(t, { env: settings });
  const codes = await fuzz(
    service,
    2000,
    async (random, zmq, number) => {
      const file = mutate(files[formats[number % formats.length] as string] as Buffer, random);
      const parameters = { width: 1 + random.below(60), format: random.pick(['jpeg', 'png', 'webp', 'gif', 'tiff']) };
      switch (random.below(5)) {
        case 0:
          return (await post(service, '/images', file)).code;
        case 1:
          return (await post(service, `/resize?width=${parameters.width}&format=${parameters.format}`, file)).code;
        case 2:
          return over(zmq, { operation: 'info', image_data: file.toString('base64') });
        default:
          return over(zmq, { operation: 'resize', transfer_encoding: 'binary', ...parameters }, file);
      }
    },
    t,
  );
  console.log(`changed files: seed ${seed}, tried 2000, answered ${tally(codes)}, lost 0`);
});

const names = [
  'width',
  'w',
  'height',
  'fit',
  'position',
  'background',
  'bg',
  'format',
  'q',
  'enlarge',
  'offset',
  'length',
];
const fields = [
  'image_id',
  'image_data',
  'limit',
  'cursor',
  'timeout_ms',
  'transfer_encoding',
  'request_id',
  'operation',
];
const operations = ['upload', 'retrieve', 'resize', 'info', 'list', 'delete', 'ping', 'explode', '', '__proto__'];
const sampleTexts = [
  '',
  'cover',
  'top',
  'entropy',
  'red',
  '#0f08',
  'jpeg',
  'webp',
  '100',
  '-1',
  '1e3',
  '0x10',
  '١٢',
  'true',
  'NaN',
  '%00',
  '%',
  '../..',
  "' OR 1=1",
  '\u0000',
  'a'.repeat(5000),
  '0'.repeat(64),
  '🙂',
];
const rare = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];

function value(random: Random, depth = 0): unknown {
  const kinds: (() => unknown)[] = [
    () => random.pick(sampleTexts),
    () => random.pick(sampleTexts),
    () => random.pick([0, 1, 64, 8192, 8193, -1, 0.5, 1e308, 2 ** 53, -0]),
    () => random.pick([true, false, null]),
    () => random.bytes(random.below(60)).toString('base64'),
    () => (depth > 3 ? [] : Array.from({ length: random.below(4) }, () => value(random, depth + 1))),
    () => (depth > 3 ? {} : request(random, depth + 1)),
  ];
  return random.pick(kinds)();
}

function request(random: Random, depth = 0): object {
  const entries = Array.from({ length: random.below(6) }, () => [
    random.pick([...names, ...names, ...fields, ...rare]),
    value(random, depth),
  ]);
  return Object.fromEntries([...entries, ...(random.below(8) === 0 ? [] : [['operation', random.pick(operations)]])]);
}

test('answers 1,000 random ZeroMQ messages', { timeout: 120_000 }, async (t) => {
  const service = await startService(t, { env: settings });
  const codes = await fuzz(
    service,
    1000,
    (random, zmq) => {
      const json = Buffer.from(JSON.stringify(request(random)));
      const file = files[random.pick(formats)] as Buffer;
      const frames = Array.from({ length: random.pick([0, 0, 0, 1, 1, 2, 12]) }, () =>
        random.pick([file, random.bytes(random.below(50))]),
      );
      const first: (() => Buffer)[] = [
        () => json,
        () => json,
        () => mutate(json, random),
        () => random.bytes(random.below(200)),
        () => Buffer.concat([json, Buffer.alloc(70_000, ' ')]),
        () => Buffer.from(`${'['.repeat(40_000)}${']'.repeat(random.below(2) * 40_000)}`),
      ];
      return over(zmq, random.pick(first)(), ...frames);
    },
    t,
  );
  console.log(`messages: seed ${seed}, tried 1000, answered ${tally(codes)}, lost 0`);
});

test('answers 1,000 random HTTP requests', { timeout: 120_000 }, async (t) => {
  const service = await startService(t, { env: settings });
  const stored = await post(service, '/images', files.png as Buffer);
  const id = JSON.parse(String(stored.body)).image_id as string;
  const codes = await fuzz(
    service,
    1000,
    async (random) => {
      const query = Array.from({ length: random.below(4) }, () => {
        const name = random.pick([...names, 'download', 'limit', 'cursor', ...rare]);
        const text = random.pick([...sampleTexts, String(random.below(9000))]);
        return `${name}=${random.below(10) === 0 ? text.replace(/[^\x21-\x7e]/g, '') : encodeURIComponent(text)}`;
      }).join('&');
      const path = random.pick([
        '/images',
        `/images/${id}`,
        `/images/${id}/info`,
        '/resize',
        `/images/${random
          .pick(sampleTexts.filter((text) => text !== '../..'))

          .replace(/[#?]/g, '')}`,
        '/%zz',
        '//',
      ]);
      const method = random.pick(['GET', 'GET', 'HEAD', 'POST', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS']);
      const file = mutate(files[random.pick(formats)] as Buffer, random);
      const body = random.pick([
        file,
        multipart(random, file),
        mutate(multipart(random, file), random),
        random.bytes(80),
      ]);
      const headers: Record<string, string> = {
        'content-type': random.pick([
          'image/png',
          'multipart/form-data; boundary=limit',
          'multipart/form-data',
          'text/html',
          'image/',
          ';',
          'application/octet-stream',
        ]),
      };
      for (const name of ['range', 'if-none-match', 'if-match', 'accept', 'x-request-id', 'if-range', 'origin']) {
        if (random.below(4) === 0)
          headers[name] = random.pick([
            'bytes=0-9',
            'bytes=-0',
            'bytes=9-1,3-',
            '*',
            'W/"a"',
            '"',
            'image/webp;q=x',
            '\t',
            'é',
          ]);
      }
      const plain = method === 'GET' || method === 'HEAD';
      if (method === 'DELETE' && path.endsWith(id)) return 'success';
      return attemptAny(`${service.http}${path}?${query}`, {
        method,
        headers,
        ...(plain ? {} : { body: new Uint8Array(body) }),
      });
    },
    t,
  );
  console.log(`HTTP: seed ${seed}, tried 1000, answered ${tally(codes)}, lost 0`);
});

/** Like `attempt`, and for HEAD, whose errors have no body. */
async function attemptAny(url: string, init: RequestInit): Promise<string> {
  if (init.method !== 'HEAD') return (await attempt(url, init)).code;
  const { status } = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
  assert.notEqual(status, 500);
  return status < 400 ? 'success' : `HEAD ${status}`;
}

function multipart(random: Random, file: Buffer): Buffer {
  const name = random.pick(['image', 'image', 'image', 'file', '', 'image"', '__proto__']);
  const parts = Array.from({ length: random.pick([1, 1, 1, 0, 2, 30]) }, () => [
    Buffer.from(
      `--limit\r\nContent-Disposition: form-data; name="${name}"; filename="${random.pick(sampleTexts).slice(0, 40)}"\r\n\r\n`,
    ),
    file,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts.flat(), Buffer.from(random.below(4) === 0 ? '' : '--limit--\r\n')]);
}

test('answers or closes 500 HTTP connections with mutated requests', {
  timeout: 120_000,
}, async (t) => {
  const service = await startService(t, { env: settings });
  const { port } = new URL(service.http);
  const lines =
    'POST /resize?width=9 HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd';
  const codes = await fuzz(
    service,
    500,
    async (random) => {
      const socket = connect(Number(port), '127.0.0.1');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      const closed = once(socket, 'close');
      // The system may reset a connection closed with unread data.
      socket.on('error', () => {});
      socket.end(mutate(Buffer.from(lines), random));
      await closed;
      const answer = Buffer.concat(chunks).toString('latin1');
      if (answer === '') return 'closed';
      const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
      assert.match(status, /^(2|4)\d\d$/, answer.slice(0, 500));
      return status;
    },
    t,
  );
  console.log(`connections: seed ${seed}, tried 500, answered ${tally(codes)}, lost 0`);
});
