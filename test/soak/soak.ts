import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { documentedMemoryLimit, mib, watchMemory } from '../fault/memory.ts';
import { createRandom, mutate, type Random } from '../fault/random.ts';
import { smallFiles } from '../fault/small-files.ts';
import { createClosers } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq, type ZmqClient } from '../helpers/zmq-client.ts';

/*
 * Mixed load on both doors for minutes, with workers killed at random.
 *
 *   npm run soak -- --minutes 10
 *
 * Exits with 1 if a request got no answer or the wrong image, if the service answered `internal`, or if memory is not flat:
 * if the gateway's median in the last quarter exceeds that of the second quarter by more than a quarter plus 30 MiB. The
 * first quarter is for warming up. Workers come and go, so the same rule applies to the largest worker at each time.
 * Memory must also stay below what docs/deployment.md promises, under load and at rest.
 */

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`Expected a number of minutes above 0 but received ${values.minutes}`);

const httpClients = 4;
const zmqClients = 4;
const killEveryMs = 5000;
const sampleEveryMs = 1000;
const reportEveryMs = 30_000;
const answerTimeoutMs = 30_000;
/** Time from the end of the load until memory is measured at rest. */
const restMs = 10_000;
/** Time for the longest job plus the replacement of its worker. */
const maxSecondsOver = 15;
const mebibyte = 2 ** 20;

const counts = { tried: 0, answered: 0, dropped: 0, lost: 0, killed: 0 };
const refused: Record<string, number> = {};
const losses: string[] = [];
const memory: { gateway: number; worker: number }[] = [];

interface Picture {
  id: string;
  bytes: Buffer;
  resized: Buffer;
}

const closers = createClosers();
const owner = { after: closers.push };
/** Small compared to the gateway's own memory, so that the limit is a real test. */
const cacheBytes = 64 * mebibyte;
const documented = documentedMemoryLimit(64 * mebibyte, cacheBytes);
const workerBytes = 512 * mebibyte;
const env = {
  IMGWIRE_WORKERS: '2',
  ...documented.env,
  IMGWIRE_WORKER_MEMORY_BYTES: String(workerBytes),
};
const service = await startService(owner, { env });
const watch = watchMemory(service.child.pid as number);
const files = Object.values(await smallFiles());
const pictures = await prepare(service);
const end = performance.now() + minutes * 60_000;
const isOver = () => performance.now() >= end;
const loopDelay = monitorEventLoopDelay();
loopDelay.enable();

async function prepare({ http }: Service): Promise<Picture[]> {
  return Promise.all(
    [300, 400, 500, 600].map(async (width) => {
      const bytes = await photo(width, 300);
      const id = createHash('sha256').update(bytes).digest('hex');
      const body = new Uint8Array(bytes);
      await fetch(`${http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
      const response = await fetch(`${http}/images/${id}?width=100`);
      return { id, bytes, resized: Buffer.from(await response.arrayBuffer()) };
    }),
  );
}

/** Whether an answer is right, and its code. */
type Verdict = { code: string; right: boolean };

/** Sends one request and counts whether it got the right answer. */
async function count(what: string, ask: () => Promise<Verdict>): Promise<void> {
  counts.tried += 1;
  try {
    const { code, right } = await ask();
    counts.answered += 1;
    if (code !== 'success') refused[code] = (refused[code] ?? 0) + 1;
    if (right) return;
    losses.push(`${what}: ${code}`);
  } catch (error) {
    losses.push(`${what}: ${(error as Error).message} ${String((error as Error).cause ?? '')}`);
  }
  counts.lost += 1;
}

/** Codes allowed for a valid request while workers are killed. */
const allowedErrors = ['worker_lost', 'overloaded'];
/** Codes allowed for a damaged file. */
const allowedForDamaged = [...allowedErrors, 'success', 'unprocessable_image', 'unsupported_format', 'invalid_request'];

async function overHttp(path: string, init: RequestInit, right: (body: Buffer) => boolean, may = allowedErrors) {
  const response = await fetch(service.http + path, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) });
  const body = Buffer.from(await response.arrayBuffer());
  const code = response.ok ? 'success' : String(JSON.parse(String(body)).code);
  return { code, right: code === 'success' ? right(body) : may.includes(code) };
}

async function overZmq(
  client: ZmqClient,
  request: object,
  frames: Buffer[],
  right: (reply: Reply) => boolean,
  may = allowedErrors,
) {
  const { json, image } = await client.call({ transfer_encoding: 'binary', ...request }, ...frames);
  const code = json.status === 'success' ? 'success' : String(json.code);
  return { code, right: code === 'success' ? right({ json, image }) : may.includes(code) };
}

interface Reply {
  json: Record<string, unknown>;
  image: Buffer | undefined;
}

const octets = { 'content-type': 'application/octet-stream' };
const parsed = (body: Buffer) => JSON.parse(String(body)) as Record<string, unknown>;

/** A file unique to a client, so that it can be deleted. */
function uniqueImage(random: Random, client: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><!-- ${client} ${random.below(2 ** 31)} --></svg>`,
  );
}

async function httpClient(number: number): Promise<void> {
  const random = createRandom(Number(values.seed) + number);
  const post = (path: string, bytes: Buffer, right: (body: Buffer) => boolean, may = allowedErrors) =>
    overHttp(path, { method: 'POST', headers: octets, body: new Uint8Array(bytes) }, right, may);
  while (!isOver()) {
    const { id, bytes, resized } = random.pick(pictures);
    const turns: [what: string, ask: () => Promise<Verdict>][] = [
      ['upload', () => post('/images', bytes, (body) => parsed(body).image_id === id)],
      ['retrieve', () => overHttp(`/images/${id}`, {}, (body) => body.equals(bytes))],
      ['resize', () => overHttp(`/images/${id}?width=100`, {}, (body) => body.equals(resized))],
      ['one-shot', () => post('/resize?width=100', bytes, (body) => body.equals(resized))],
      ['info', () => overHttp(`/images/${id}/info`, {}, (body) => parsed(body).size === bytes.length)],
      ['list', () => overHttp('/images?limit=10', {}, (body) => Array.isArray(parsed(body).images))],
      ['bad query', () => overHttp(`/images/${id}?width=0`, {}, () => false, [...allowedErrors, 'invalid_request'])],
      ['damaged', () => post('/resize?width=20', mutate(random.pick(files), random), () => true, allowedForDamaged)],
    ];
    const kind = random.below(8);
    if (kind === 0) await drop(random, bytes);
    else if (kind === 1) await uploadAndDelete(uniqueImage(random, number));
    else await count(...random.pick(turns));
  }
}

async function uploadAndDelete(bytes: Buffer): Promise<void> {
  const id = createHash('sha256').update(bytes).digest('hex');
  const body = new Uint8Array(bytes);
  await count('upload own', () =>
    overHttp('/images', { method: 'POST', headers: octets, body }, (answer) => parsed(answer).image_id === id),
  );
  await count('delete', () =>
    overHttp(`/images/${id}`, { method: 'DELETE' }, () => true, [...allowedErrors, 'not_found']),
  );
}

/** Drops a connection during an upload or while waiting for the result. */
async function drop(random: Random, bytes: Buffer): Promise<void> {
  counts.dropped += 1;
  const socket = connect(Number(new URL(service.http).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const head = `POST /resize?width=400 HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  const part = bytes.subarray(0, random.below(2) === 0 ? bytes.length : random.below(bytes.length));
  await new Promise<void>((resolve) => socket.write(Buffer.concat([Buffer.from(head), part]), () => resolve()));
  socket.destroy();
}

async function zmqClient(number: number): Promise<void> {
  const random = createRandom(Number(values.seed) + 1000 + number);
  const client = connectZmq(owner, service.zmq);
  const ask = (request: object, frames: Buffer[], right: (reply: Reply) => boolean, may = allowedErrors) =>
    overZmq(client, request, frames, right, may);
  while (!isOver()) {
    const { id, bytes, resized } = random.pick(pictures);
    const image_data = bytes.toString('base64');
    const turns: [what: string, ask: () => Promise<Verdict>][] = [
      ['upload', () => ask({ operation: 'upload' }, [bytes], ({ json }) => json.image_id === id)],
      ['upload in base64', () => ask({ operation: 'upload', image_data }, [], ({ json }) => json.image_id === id)],
      [
        'retrieve',
        () => ask({ operation: 'retrieve', image_id: id }, [], ({ image }) => image?.equals(bytes) === true),
      ],
      [
        'resize',
        () =>
          ask({ operation: 'resize', image_id: id, width: 100 }, [], ({ image }) => image?.equals(resized) === true),
      ],
      ['info', () => ask({ operation: 'info', image_id: id }, [], ({ json }) => json.size === bytes.length)],
      ['list', () => ask({ operation: 'list', limit: 10 }, [], ({ json }) => Array.isArray(json.images))],
      ['ping', () => ask({ operation: 'ping' }, [], ({ json }) => typeof json.version === 'string')],
      ['bad operation', () => ask({ operation: 'explode' }, [], () => false, ['invalid_operation'])],
      [
        'damaged',
        () =>
          ask({ operation: 'resize', width: 20 }, [mutate(random.pick(files), random)], () => true, allowedForDamaged),
      ],
    ];
    const before = counts.lost;
    await count(...random.pick(turns));
    // A REQ socket is unusable after a lost request.
    if (counts.lost > before) return;
  }
}

const startedWorkers = () =>
  service.logs
    .filter(({ msg }) => msg === 'worker started')
    .slice(-2)
    .map(({ worker_pid }) => Number(worker_pid));

async function killWorkers(): Promise<void> {
  const random = createRandom(Number(values.seed) + 2000);
  while (!isOver()) {
    await delay(killEveryMs / 2 + random.below(killEveryMs));
    const pid = random.pick(startedWorkers());
    try {
      process.kill(pid, 'SIGKILL');
      counts.killed += 1;
    } catch {
      // It was killed before and not replaced yet.
    }
  }
}

/** Resident memory of a process in bytes; 0 if it has exited. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

async function sample(): Promise<void> {
  while (!isOver()) {
    const [gateway, ...workers] = await Promise.all([service.child.pid, ...startedWorkers()].map(residentBytes));
    memory.push({ gateway: gateway as number, worker: Math.max(...workers) });
    // Keeps the collected log lines from filling this process's memory.
    service.logs.splice(
      0,
      service.logs.length,
      ...service.logs.filter(({ msg }) => msg === 'worker started').slice(-8),
    );
    await delay(sampleEveryMs);
  }
}

function report(): void {
  const minutesIn = ((minutes * 60_000 - (end - performance.now())) / 60_000).toFixed(1);
  const errors = Object.entries(refused).map(([code, times]) => `${code} ${times}`);
  const { tried, answered, dropped, lost, killed } = counts;
  console.log(
    `${minutesIn} min: tried ${tried}, answered ${answered} (${errors.join(', ')}), dropped ${dropped}, workers killed ${killed}, lost ${lost}; ` +
      `gateway ${figures('gateway')}, worker ${figures('worker')}; event loop of the clients p99 ${Math.round(loopDelay.percentile(99) / 1e6)} ms`,
  );
  for (const loss of losses.splice(0)) console.log(`  lost: ${loss}`);
}

function figures(part: 'gateway' | 'worker'): string {
  const all = memory.map((one) => Math.round(one[part] / mebibyte));
  return `${all[0]} to ${all.at(-1)} MiB, at most ${Math.max(...all)}`;
}

async function reportPeriodically(): Promise<void> {
  while (end - performance.now() > reportEveryMs) {
    await delay(reportEveryMs);
    report();
  }
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function isFlat(part: 'gateway' | 'worker'): boolean {
  const all = memory.map((one) => one[part]);
  const quarter = Math.floor(all.length / 4);
  const [early, late] = [median(all.slice(quarter, 2 * quarter)), median(all.slice(3 * quarter))];
  console.log(
    `${part}: median ${Math.round(early / mebibyte)} MiB in the second quarter, ${Math.round(late / mebibyte)} in the last`,
  );
  return late <= early * 1.25 + 30 * mebibyte;
}

/** The longest time that a worker exceeded its limit, in seconds. */
function longestOver(limitBytes: number): number {
  let [longest, run] = [0, 0];
  for (const { worker } of memory) {
    run = worker > limitBytes ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return (longest * sampleEveryMs) / 1000;
}

/** Whether memory stayed below what docs/deployment.md promises: its peaks under load, and at rest. */
async function isWithinPromise(): Promise<boolean> {
  watch.stop();
  await delay(restMs);
  const [gateway, ...workers] = await Promise.all([service.child.pid, ...startedWorkers()].map(residentBytes));
  const figures: [what: string, bytes: number, promised: number][] = [
    ['gateway under load', watch.peaks.gateway, documented.gatewayBytes],
    ['gateway at rest', gateway as number, documentedMemoryLimit(0, cacheBytes).gatewayBytes],
    ['worker at rest', Math.max(...workers), 200_000_000],
  ];
  for (const [what, bytes, promised] of figures) console.log(`${what}: ${mib(bytes)}, promised under ${mib(promised)}`);
  const secondsOver = longestOver(workerBytes);
  console.log(`worker under load: ${mib(watch.peaks.worker)} at most, over ${mib(workerBytes)} for ${secondsOver} s`);
  return figures.every(([, bytes, promised]) => bytes < promised) && secondsOver <= maxSecondsOver;
}

await Promise.all([
  ...Array.from({ length: httpClients }, (_, number) => httpClient(number)),
  ...Array.from({ length: zmqClients }, (_, number) => zmqClient(number)),
  killWorkers(),
  sample(),
  reportPeriodically(),
]);
report();
const flat = [isFlat('gateway'), isFlat('worker')].every(Boolean);
const isKept = await isWithinPromise();
const { code } = await service.stop();
await closers.closeAll();
const passed = counts.lost === 0 && flat && isKept && code === 0;
console.log(
  passed
    ? 'passed'
    : `failed: lost ${counts.lost}, memory ${flat ? 'flat' : 'growing'}${isKept ? '' : ' and over the promise'}, exit code ${code}`,
);
process.exitCode = passed ? 0 : 1;
