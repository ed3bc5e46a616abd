import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cachedFiles } from '../helpers/cached-files.ts';
import { scrape } from '../helpers/metrics.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startRequestLoop, statusOf } from '../helpers/request-loop.ts';
import { type Service, startService } from '../helpers/service.ts';
import { startCeph } from '../store/engines/ceph.ts';

/* Deletions on nodes that share a bucket take effect everywhere within a bound, even on nodes that were away. */

const engine = await startCeph({ after });
const [picture, logo, other] = await Promise.all([photo(300, 200), photo(60, 60, 'png'), photo(200, 200)]);
const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const [pictureId, logoId, otherId] = [idOf(picture), idOf(logo), idOf(other)];

/** The documented bound. */
const boundMs = 30_000;
/** Grace for a node that is notified, and for a request that begins just before the bound. */
const momentMs = 1000;

const deletedPaths = [
  `/images/${pictureId}`,
  `/images/${pictureId}?width=80`,
  `/images/${logoId}`,
  `/images/${otherId}?width=90&watermark=${logoId}`,
];
const keptPath = `/images/${otherId}?width=70`;
const paths = [...deletedPaths, keptPath];

const status = ({ http }: Service, path: string) => statusOf(http, path);

async function upload({ http }: Service, bytes: Buffer): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(bytes) };
  assert.ok((await fetch(`${http}/images`, init)).ok);
}

async function remove({ http }: Service, imageId: string): Promise<void> {
  assert.equal((await fetch(`${http}/images/${imageId}`, { method: 'DELETE' })).status, 204);
}

test('after the bound no node serves a deleted image, whether unreachable, away or frozen meanwhile', async (t) => {
  const folder = await temporaryFolder(t, 'deletion');
  const bucket = await engine.createBucket();
  const start = (name: string, peer: string, more: Record<string, string> = {}) =>
    startService(t, {
      dataDir: join(folder, name),
      env: {
        ...engine.env,
        IMGWIRE_S3_BUCKET: bucket,
        IMGWIRE_WORKERS: '1',
        IMGWIRE_PEER_ENDPOINT: `ipc://${join(folder, `${name}.peer`)}`,
        IMGWIRE_PEERS: `ipc://${join(folder, `${peer}.peer`)}`,
        ...more,
      },
    });
  const onDisk = { IMGWIRE_CACHE_MEMORY_BYTES: '0' };
  const [deleting, notified, unreachable, frozen, away] = await Promise.all([
    start('deleting', 'notified'),
    start('notified', 'deleting'),
    start('unreachable', 'nobody'),
    start('frozen', 'nobody'),
    start('away', 'nobody', onDisk),
  ]);
  for (const image of [picture, logo, other]) await upload(deleting, image);
  for (const node of [deleting, notified, unreachable, frozen, away]) {
    for (const path of paths) assert.equal(await status(node, path), 200, path);
  }
  while ((await cachedFiles(away)).length < 3) await delay(20);
  await away.stop('SIGKILL');
  const levels = ['notified', 'unreachable', 'away'].map((name) => join(folder, name, 'cache', 'levels', pictureId));
  for (const path of levels) await mkdir(path);
  while ((await scrape(notified.http)).get('imgwire_peers{state="heard"}') !== 1) await delay(50);

  const nodes = { deleting, notified, unreachable };
  const loads = Object.values(nodes).map((node) => startRequestLoop(node.http, paths, 20));
  await delay(500);
  frozen.child.kill('SIGSTOP');
  await remove(deleting, logoId);
  await remove(deleting, pictureId);
  const deletedAt = performance.now();

  const back = await start('away', 'nobody', onDisk);
  // Its disk cache still has these results.
  for (const path of deletedPaths) assert.equal(await status(back, path), 404, path);
  assert.equal(await status(back, keptPath), 200);
  assert.equal((await cachedFiles(back)).length, 1);

  // These wait in the kernel until it resumes.
  const waiting = deletedPaths.map((path) => status(frozen, path));
  await delay(deletedAt + boundMs + 2 * momentMs - performance.now());
  frozen.child.kill('SIGCONT');
  assert.deepEqual(await Promise.all(waiting), [404, 404, 404, 404]);
  for (const path of levels) assert.equal(existsSync(path), false, path);
  for (const one of loads) await one.stop();
  for (const [index, name] of Object.keys(nodes).entries()) {
    const { answers } = loads[index] as ReturnType<typeof startRequestLoop>;
    const ofKept = answers.filter(({ path }) => path === keptPath);
    assert.ok(ofKept.length > 50 && ofKept.every((answer) => answer.status === 200), name);
    const ofDeleted = answers.filter(({ path }) => path !== keptPath);
    const lastServedAt = Math.max(...ofDeleted.filter((one) => one.status === 200).map(({ startedAt }) => startedAt));
    t.diagnostic(`${name}: last served ${Math.round(lastServedAt - deletedAt)} ms after the deletion`);
    const late = ofDeleted.filter(
      ({ startedAt }) => startedAt > deletedAt + (name === 'unreachable' ? boundMs : momentMs),
    );
    assert.ok(late.length > 20, `${name}: ${late.length}`);
    assert.deepEqual([...new Set(late.map((answer) => answer.status))], [404], name);
  }
});
