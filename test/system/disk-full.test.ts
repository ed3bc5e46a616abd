import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mountSmallDisk, remount } from '../helpers/disk.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(200, 150);

test('answers insufficient_storage when the disk is full, keeps reading, and stores again when there is space', async (t) => {
  const disk = mountSmallDisk(t, 'size=4m');
  const service = await startService(t, { dataDir: join(disk, 'data') });
  const client = connectZmq(t, service.zmq);
  const stored: { id: string; bytes: Buffer }[] = [];
  let code: unknown;
  for (let count = 0; count < 20 && code === undefined; count += 1) {
    const bytes = Buffer.concat([picture, randomBytes(500_000)]);
    const { json } = await client.call({ operation: 'upload' }, bytes);
    code = json.code;
    if (code === undefined) stored.push({ id: createHash('sha256').update(bytes).digest('hex'), bytes });
  }
  assert.equal(code, 'insufficient_storage');
  assert.ok(stored.length > 2);
  const form = { method: 'POST', headers: { 'content-type': 'image/jpeg' } };
  const refused = await fetch(`${service.http}/images`, { ...form, body: randomlyPadded() });
  assert.equal(refused.status, 507);
  assert.deepEqual(readdirSync(join(disk, 'data', 'tmp')), []);

  for (const { id, bytes } of stored) {
    const response = await fetch(`${service.http}/images/${id}`);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
  }
  for (const { id } of stored.slice(0, 2)) {
    assert.equal((await fetch(`${service.http}/images/${id}`, { method: 'DELETE' })).status, 204);
  }
  assert.equal((await fetch(`${service.http}/images`, { ...form, body: randomlyPadded() })).status, 201);
});

const randomlyPadded = () => new Uint8Array(Buffer.concat([picture, randomBytes(500_000)]));

test('fails to start if its folder cannot be written', async (t) => {
  const disk = mountSmallDisk(t, 'size=1m');
  mkdirSync(join(disk, 'data'));
  remount(disk, 'ro');
  await assert.rejects(startService(t, { dataDir: join(disk, 'data') }), /ended before it was ready: 1/);
});

test('fails to start if its data or cache folder, used before, can no longer be written', async (t) => {
  const disk = mountSmallDisk(t, 'size=1m');
  const dataDir = join(disk, 'data');
  const cache = join(dataDir, 'cache');
  const env = { IMGWIRE_CACHE_LEVEL_BYTES: '0' };
  const start = () => startService(t, { dataDir, env });
  await (await start()).stop();
  execFileSync('mount', ['--bind', cache, cache]);
  execFileSync('mount', ['-o', 'remount,bind,ro', cache]);
  await assert.rejects(start(), /ended before it was ready: 1/);
  execFileSync('umount', [cache]);
  await (await start()).stop();
  remount(disk, 'ro');
  await assert.rejects(start(), /ended before it was ready: 1/);
});
