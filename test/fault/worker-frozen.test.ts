import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { isRunning, signalWorker, workerPids } from '../helpers/workers.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(400, 300);

test('answers by the deadline while a worker is frozen, and replaces it', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '2' } });
  const [frozen] = workerPids(service) as [number];
  // The process must end even if the test fails.
  closeWith(t, () => signalWorker(frozen, 'SIGKILL'));
  signalWorker(frozen, 'SIGSTOP');
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      connectZmq(t, service.zmq).call({ operation: 'resize', width: 50 + index, transfer_encoding: 'binary' }, picture),
    ),
  );
  assert.deepEqual(
    answers.map(({ json }) => json.width),
    Array.from({ length: 12 }, (_, index) => 50 + index),
  );
  const lost = await service.waitForLog(({ msg, worker_pid }) => msg === 'worker lost' && worker_pid === frozen);
  assert.equal(lost.signal, 'SIGKILL');
  assert.equal(isRunning(frozen), false);
  await service.waitForLog(({ msg, worker }) => msg === 'worker started' && String(worker).endsWith('.1'));
});

test('answers timeout in time if the only worker is frozen', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const [frozen] = workerPids(service) as [number];
  closeWith(t, () => signalWorker(frozen, 'SIGKILL'));
  signalWorker(frozen, 'SIGSTOP');
  const { json } = await connectZmq(t, service.zmq).call({ operation: 'info', timeout_ms: 300 }, picture);
  assert.equal(json.code, 'timeout');
  await service.waitForLog(({ msg, worker }) => msg === 'worker started' && String(worker).endsWith('.1'));
  const response = await fetch(`${service.http}/images`);
  assert.equal(response.status, 200);
});
