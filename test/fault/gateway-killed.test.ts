import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { isRunning, workerPids } from '../helpers/workers.ts';

const rounds = 20;
const uploadsPerRound = 200;

test(`keeps acknowledged uploads when the gateway is killed during ${uploadsPerRound} uploads, ${rounds} times`, async (t) => {
  const dataDir = await temporaryFolder(t, 'data');
  // A separate folder for sockets too: other services that start would remove stale ones from a shared folder.
  const temporary = await temporaryFolder(t, 'tmp');
  const sockets = (pid: number | undefined) =>
    readdirSync(temporary).filter((name) => name.startsWith(`imgwire-${pid}-`));
  const start = () => startService(t, { dataDir, env: { TMPDIR: temporary } });
  const picture = await photo(200, 150);
  const acknowledged = new Map<string, Buffer>();
  const sent = new Map<string, Buffer>();
  let killed: number | undefined;

  const sendOne = async (http: string): Promise<boolean> => {
    const bytes = Buffer.concat([picture, randomBytes(20_000)]);
    const id = createHash('sha256').update(bytes).digest('hex');
    sent.set(id, bytes);
    const init = { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(bytes) };
    const response = await fetch(`${http}/images`, init).catch(() => undefined);
    if (response?.status === 201) acknowledged.set(id, bytes);
    return response?.status === 201;
  };

  for (let round = 0; round < rounds; round += 1) {
    const service = await start();
    const workers = workerPids(service);
    let remaining = 1 + Math.floor(Math.random() * uploadsPerRound * 0.75);
    const uploads = Array.from({ length: uploadsPerRound }, async () => {
      if (!(await sendOne(service.http))) return;
      remaining -= 1;
      if (remaining === 0) service.child.kill('SIGKILL');
    });
    await Promise.all(uploads);
    assert.ok(remaining <= 0);
    await service.stop('SIGKILL');
    while (workers.some(isRunning)) await delay(5);
    // The killed gateway leaves its socket folder behind; the next start removes it.
    assert.equal(sockets(service.child.pid).length, 1);
    killed = service.child.pid;
  }

  const { http } = await start();
  assert.deepEqual(sockets(killed), []);
  assert.deepEqual(readdirSync(join(dataDir, 'tmp')), []);
  for (const [id, bytes] of sent) {
    const response = await fetch(`${http}/images/${id}`);
    const stored = Buffer.from(await response.arrayBuffer());
    // Complete or absent, and never absent if acknowledged.
    if (response.status === 200) assert.ok(stored.equals(bytes));
    else assert.deepEqual([response.status, acknowledged.has(id)], [404, false]);
  }
  console.log(`gateway killed ${rounds} times: ${sent.size} sent, ${acknowledged.size} acknowledged, none lost`);
  assert.ok(acknowledged.size >= rounds && acknowledged.size < sent.size);
});
