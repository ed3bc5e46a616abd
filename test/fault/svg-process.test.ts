import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { closeWith } from '../helpers/owner.ts';
import { type Service, startService } from '../helpers/service.ts';
import { type StartedWorker, startWorker } from '../helpers/worker-process.ts';
import { assertHealthy, post } from './attempt.ts';
import { embedded, svg } from './bombs.ts';

/*
 * SVGs are rendered in a separate process, whose loss clients must not notice.
 */

const drawing = svg('<circle cx="50" cy="50" r="40" fill="red"/>');
const slow = svg(
  '<filter id="f"><feTurbulence baseFrequency="0.05" numOctaves="100000"/></filter><rect width="3000" height="3000" filter="url(#f)"/>',
  'width="3000" height="3000"',
);

const pidOfWorker = (service: Service) =>
  Number(service.logs.filter(({ msg }) => msg === 'worker started').at(-1)?.worker_pid);

/** Child processes of the worker. */
const svgProcesses = (service: Service) => childrenOf(pidOfWorker(service));

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

async function logged(worker: StartedWorker, message: string): Promise<void> {
  while (!worker.log.some(({ msg }) => msg === message)) {
    await once(worker.child.stdout as NodeJS.ReadableStream, 'data');
  }
}

const linux = { skip: process.platform !== 'linux' };

test('starts the process with the first SVG and few variables, and ends it when idle', linux, async (t) => {
  const worker = await startWorker({ env: { IMGWIRE_LOG_LEVEL: 'debug', HOME: '/root', SECRET: 'x' } });
  closeWith(t, () => worker.stop());
  const pid = worker.child.pid as number;
  assert.deepEqual(childrenOf(pid), []);
  const { reply } = await worker.ask({ operation: 'resize', width: 10 }, drawing);
  assert.equal(reply.status, 'success', String(reply.message));
  const [svgProcess] = childrenOf(pid);
  const variables = readFileSync(`/proc/${svgProcess}/environ`, 'utf8').split('\0').filter(Boolean);
  assert.deepEqual(
    variables
      .map((line) => line.split('=')[0])
      .filter((name) => !name?.startsWith('NODE_'))
      .sort(),
    ['HOME', 'PATH'],
  );
  await logged(worker, 'isolated process ended');
  assert.deepEqual(childrenOf(pid), []);
  assert.equal((await worker.ask({ operation: 'resize', width: 10 }, drawing)).reply.status, 'success');
});

test('renders an SVG in another process if its first one is killed from outside', linux, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const first = await post(service, '/resize', drawing);
  for (let round = 0; round < 10; round += 1) {
    const [pid] = svgProcesses(service);
    process.kill(pid as number, 'SIGKILL');
    const again = await post(service, '/resize', drawing);
    assert.equal(again.code, 'success', again.message);
    assert.deepEqual(again.body, first.body);
  }
  await assertHealthy(service, 'killed from outside');
});

test('serves others while an SVG is rendered, and rejects it when it takes too long', linux, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '5000' } });
  let done = false;
  const refused = post(service, '/resize', slow).finally(() => {
    done = true;
  });
  let served = 0;
  while (!done && served < 10_000) {
    assert.equal((await post(service, '/images', drawing)).code, 'success');
    served += 1;
  }
  const { code, message, ms } = await refused;
  assert.equal(code, 'unprocessable_image');
  assert.match(message, /takes longer than 2000 ms/);
  assert.ok(served > 0);
  await assertHealthy(service, 'too slow');
  console.log(`slow SVG: refused after ${Math.round(ms)} ms, ${served} others served meanwhile, lost 0`);
});

test('rejects an SVG that takes too much memory', linux, async (t) => {
  // Long enough not to time out first: rendering may take 40 % of this.
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '200000' } });
  const { code, message } = await post(service, '/resize', svg(await embedded(13_000, 13_000)));
  assert.equal(code, 'unprocessable_image');
  assert.match(message, /takes too much memory/);
  await assertHealthy(service, 'too large');
});

test('leaves no process behind when the worker is killed while rendering', linux, async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  await post(service, '/resize', drawing);
  const [pid] = svgProcesses(service);
  const answer = post(service, '/resize', slow);
  await post(service, '/images', drawing);
  process.kill(pidOfWorker(service), 'SIGKILL');
  // There is no exit event for a process that is not our child.
  for (let turn = 0; existsSync(`/proc/${pid}`) && turn < 100; turn += 1) await delay(50);
  assert.ok(!existsSync(`/proc/${pid}`));
  assert.equal((await answer).code, 'unprocessable_image');
});
