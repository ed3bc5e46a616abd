import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';

test('replaces lost workers after a cleaner has emptied TMPDIR', async (t) => {
  const TMPDIR = await temporaryFolder(t, 'sockets');
  const service = await startService(t, { env: { TMPDIR, IMGWIRE_WORKERS: '2' } });
  for (const name of readdirSync(TMPDIR)) rmSync(join(TMPDIR, name), { recursive: true });
  const lost = workerPids(service);
  assert.equal(lost.length, 2);
  for (const pid of lost) signalWorker(pid, 'SIGKILL');
  for (const pid of lost)
    await service.waitForLog(({ msg, worker_pid }) => msg === 'worker lost' && worker_pid === pid);
  await service.waitForLog(({ msg, worker_pid }) => msg === 'worker started' && !lost.includes(Number(worker_pid)));
  assert.equal((await fetch(`${service.http}/images`)).status, 200);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
  assert.deepEqual(readdirSync(TMPDIR), []);
});
