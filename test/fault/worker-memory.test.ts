import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { increases, scrape } from '../helpers/metrics.ts';
import { photo } from '../helpers/photo.ts';
import { type LogLine, type Service, startService } from '../helpers/service.ts';
import { isRunning, workerPids } from '../helpers/workers.ts';
import { connectZmq } from '../helpers/zmq-client.ts';
import { httpSender, noFigures, preparePictures, printFigures, sendUntil, zmqSender } from './load.ts';

/** Less than a worker uses at its start, so every worker exceeds it. */
const env = {
  IMGWIRE_WORKER_MEMORY_BYTES: '40000000',
  IMGWIRE_CACHE_MEMORY_BYTES: '0',
  IMGWIRE_CACHE_DISK_BYTES: '0',
};

const isReplacement = ({ msg }: LogLine) => msg === 'worker over its memory limit is replaced';
const isEnd = ({ msg, reason }: LogLine) => msg === 'worker ended' && reason === 'replaced';

function workerSockets({ child }: Service): string[] {
  const folder = readdirSync(tmpdir()).find((name) => name.startsWith(`imgwire-${child.pid}-`)) as string;
  return readdirSync(join(tmpdir(), folder));
}

for (const workers of ['1', '2']) {
  test(`answers every request while ${workers} of its workers are replaced for exceeding their memory limit`, async (t) => {
    const service = await startService(t, { env: { ...env, IMGWIRE_WORKERS: workers } });
    const pictures = await preparePictures(service, 4);
    const figures = noFigures();
    const ended = new AbortController();
    const clients = pictures.flatMap((picture, index) => [
      sendUntil(ended.signal, httpSender(service, picture), figures, index),
      sendUntil(ended.signal, zmqSender(t, service, picture), figures, index),
    ]);
    const started = new Set(workerPids(service));
    while (service.logs.filter(isEnd).length < 3) {
      const past = service.logs.length;
      await service.waitForLog((line) => service.logs.indexOf(line) >= past);
      for (const pid of workerPids(service)) started.add(pid);
    }
    ended.abort();
    await Promise.all(clients);
    const { 'reason=memory': counted = 0, ...others } = increases(
      'imgwire_worker_restarts_total',
      new Map(),
      await scrape(service.http),
    );
    assert.ok(counted >= 3);
    assert.deepEqual(others, {});
    const replaced = service.logs.filter(isReplacement);
    printFigures(`${workers} workers over their memory`, figures, { replaced: replaced.length });
    assert.deepEqual([figures.lost, figures.answered, figures.refused], [0, figures.tried, {}]);
    for (const { memory_bytes, limit_bytes } of replaced) {
      assert.equal(limit_bytes, 40_000_000);
      assert.ok(Number(memory_bytes) > 40_000_000);
    }
    assert.ok(service.logs.some(({ msg }) => msg === 'work needs more memory than IMGWIRE_WORKER_MEMORY_BYTES allows'));
    assert.deepEqual(
      service.logs.filter(({ msg }) => msg === 'worker lost' || msg === 'request is tried again'),
      [],
    );
    const sockets = workerSockets(service);
    const names = new Set(sockets.map((name) => name.replace(/\.\d+$/, '')));
    assert.ok(names.size <= Number(workers) + 1, `sockets of workers that have ended: ${sockets}`);
    assert.deepEqual(await service.stop(), { code: 0, signal: null });
    assert.deepEqual([...started].filter(isRunning), []);
  });
}

/** Takes longer than the start of a replacement. */
const slow = { operation: 'resize', width: 4000, format: 'avif', effort: 4, transfer_encoding: 'binary' };
const large = await photo(4000, 3000);

test('a replaced worker still answers its slow request', async (t) => {
  const service = await startService(t, { env: { ...env, IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '60000' } });
  const [pid] = workerPids(service);
  await service.waitForLog(isReplacement);
  const answer = connectZmq(t, service.zmq).call(slow, large);
  const successor = await service.waitForLog(({ msg, worker_pid }) => msg === 'worker started' && worker_pid !== pid);
  const quick = await connectZmq(t, service.zmq).call({ operation: 'info', request_id: 'quick' }, large);
  assert.equal(quick.json.width, 4000);
  const { pid: answeredBy } = await service.waitForLog(
    ({ part, request_id }) => part === 'worker' && request_id === 'quick',
  );
  assert.equal(answeredBy, successor.worker_pid);
  assert.ok(isRunning(pid as number), 'the slow request ended before its worker was replaced');
  assert.equal((await answer).json.width, 4000);
  const { worker_pid } = await service.waitForLog(isEnd);
  assert.equal(worker_pid, pid);
});

test('SIGTERM during a replacement lets the old worker finish, and leaves nothing behind', async (t) => {
  const service = await startService(t, { env: { ...env, IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '60000' } });
  const pids = workerPids(service);
  await service.waitForLog(isReplacement);
  const answer = connectZmq(t, service.zmq).call(slow, large);
  const successor = await service.waitForLog(
    ({ msg, worker_pid }) => msg === 'worker started' && worker_pid !== pids[0],
  );
  const ended = service.stop('SIGTERM');
  assert.equal((await answer).json.width, 4000);
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.deepEqual([...pids, Number(successor.worker_pid)].filter(isRunning), []);
});
