import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountSmallDisk, remount } from '../helpers/disk.ts';
import { startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';

test('survives the loss of its workers while TMPDIR is read-only, and replaces them when it is writable again', async (t) => {
  const TMPDIR = mountSmallDisk(t, 'size=4m');
  const service = await startService(t, { env: { TMPDIR, IMGWIRE_WORKERS: '1' } });
  const [lost] = workerPids(service) as [number];
  remount(TMPDIR, 'ro');
  signalWorker(lost, 'SIGKILL');
  await service.waitForLog(({ msg }) => msg === 'worker restart delayed');
  assert.equal((await fetch(`${service.http}/health`)).status, 200);
  remount(TMPDIR, 'rw');
  await service.waitForLog(({ msg, worker_pid }) => msg === 'worker started' && worker_pid !== lost);
  assert.equal((await fetch(`${service.http}/images`)).status, 200);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
});
