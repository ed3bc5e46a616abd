import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { command } from '../helpers/command.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { run } from '../helpers/run.ts';
import { startService } from '../helpers/service.ts';

const idOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pathOf = (dataDir: string, id: string) => join(dataDir, 'images', id.slice(0, 2), id.slice(2, 4), id);

/** Writes files of these sizes into the store's folder, as a restored backup has them. */
async function fill(dataDir: string, sizes: number[]): Promise<string[]> {
  const paths: string[] = [];
  for (const size of sizes) {
    const bytes = randomBytes(size);
    const path = pathOf(dataDir, idOf(bytes));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    paths.push(path);
  }
  return paths;
}

/** verify checks a folder, not a bucket. */
const onFs = { env: { IMGWIRE_STORE: 'fs' } };

const verify = (dataDir: string) =>
  run(process.execPath, [command, 'verify'], { env: { ...process.env, IMGWIRE_DATA_DIR: dataDir } });

test('finds no damage in an intact store, and changes nothing', async (t) => {
  const folder = await temporaryFolder(t, 'verify');
  await fill(folder, [1, 1000, 262_144, 262_145, 5_000_000]);
  const before = await readdir(folder, { recursive: true });
  assert.deepEqual(await verify(folder), { code: 0, stdout: '5 images, 5.5 MB, 0 damaged\n', stderr: '' });
  assert.deepEqual(await readdir(folder, { recursive: true }), before);
});

test('reports each kind of damage', async (t) => {
  const folder = await temporaryFolder(t, 'verify');
  const [cut, emptied, changed, moved, swapped, looped] = (await fill(
    folder,
    [5_000_000, 300, 400, 500, 600, 700],
  )) as [string, string, string, string, string, string];
  await fill(folder, [800, 900]);
  const images = join(folder, 'images');
  await truncate(cut, 4_000_000);
  await truncate(emptied, 0);
  const other = randomBytes(400);
  await writeFile(changed, other);
  const misplaced = join(images, moved.slice(-64));
  await rename(moved, misplaced);
  await rm(swapped);
  await mkdir(swapped);
  await rm(looped);
  await symlink(looped, looped);
  const damaged = [cut, emptied, changed, moved, swapped, looped];
  const names = damaged.map((_, index) => `0${index}`).concat('0a');
  const missing = names.find((name) => !damaged.some((path) => path.includes(`/images/${name}/`)));
  const blocked = join(images, missing as string);
  await rm(blocked, { recursive: true, force: true });
  await writeFile(blocked, '');
  // Ignored: foreign files and the index of uploads.
  await writeFile(join(images, 'README'), '');
  await writeFile(join(images, '.imgwire-uploads'), 'nonsense');

  const { code, stdout } = await verify(folder);
  assert.equal(code, 1);
  const lines = stdout.trim().split('\n');
  assert.match(String(lines.pop()), /^\d images, 4\.0 MB, 7 damaged$/);
  const empty = idOf(Buffer.alloc(0));
  assert.ok(lines.some((line) => line.startsWith(`${cut}: 4000000 bytes with the SHA-256 `)));
  const named = [
    `${emptied}: 0 bytes with the SHA-256 ${empty}`,
    `${changed}: 400 bytes with the SHA-256 ${idOf(other)}`,
    `${misplaced}: misplaced: belongs to ${moved}`,
    `${swapped}: not a file`,
    `${looped}: unreadable: ELOOP`,
    `${blocked}: not a folder`,
  ];
  assert.deepEqual(lines.filter((line) => !line.startsWith(cut)).sort(), named.sort());
});

test('reports unfinished files of exited processes, but not as damage', async (t) => {
  const folder = await temporaryFolder(t, 'verify');
  const service = await startService(t, { ...onFs, dataDir: folder });
  await service.stop();
  const abandoned = join(folder, 'tmp', `0123456789abcdef.1.${randomUUID()}.part`);
  await writeFile(abandoned, 'half an ima');
  // Younger ones may belong to another container.
  const young = join(folder, 'tmp', `0123456789abcdef.1.${randomUUID()}.part`);
  await writeFile(young, 'half an ima');
  const longAgo = new Date(Date.now() - 3_601_000);
  await utimes(abandoned, longAgo, longAgo);
  assert.deepEqual(await verify(folder), {
    code: 0,
    stdout: `${abandoned}: left over; removed when the service starts\n0 images, 0.0 MB, 0 damaged\n`,
    stderr: '',
  });
  await startService(t, { ...onFs, dataDir: folder });
  assert.ok(!(await readdir(join(folder, 'tmp'))).some((name) => abandoned.endsWith(name)));
});

test('fails without a store', async (t) => {
  const folder = await temporaryFolder(t, 'verify');
  const { code, stdout, stderr } = await verify(folder);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^imgwire: Expected a folder with stored images but received .*: ENOENT/);
  assert.equal(spawnSync(process.execPath, [command, 'verify', folder]).status, 2);
});

test('checks 10,000 images without false alarms while the service stores and deletes others', async (t) => {
  const service = await startService(t, onFs);
  await fill(
    service.dataDir,
    Array.from({ length: 10_000 }, (_, number) => 1 + number),
  );
  const picture = await photo(64, 48);
  let isVerifying = true;
  let stored = 0;
  async function churn(): Promise<void> {
    while (isVerifying) {
      const body = new Uint8Array(Buffer.concat([picture, randomBytes(1000)]));
      const url = `${service.http}/images/${idOf(body)}`;
      const put = await fetch(url, { method: 'PUT', body, headers: { 'content-type': 'application/octet-stream' } });
      assert.equal(put.status, 201);
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 204);
      stored += 1;
    }
  }
  const churns = Promise.all([churn(), churn(), churn(), churn()]);
  const checked = await verify(service.dataDir);
  isVerifying = false;
  await churns;
  assert.ok(stored > 0);
  assert.equal(checked.code, 0, checked.stdout);
  const [, images] = /^(\d+) images, [\d.]+ MB, 0 damaged\n$/.exec(checked.stdout) ?? [];
  assert.ok(Number(images) >= 10_000, checked.stdout);
});
