import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { storeError } from '../../src/worker/store/errors.ts';
import { createFsStore, type FsStoreOptions } from '../../src/worker/store/fs.ts';
import type { Store } from '../../src/worker/store/store.ts';
import { temporaryName } from '../../src/worker/store/temporary.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { idOf, testStore } from './suite.ts';

const bytes = Buffer.from('the bytes of an image');
const id = idOf(bytes);
const pathOf = (folder: string) => join(folder, 'images', id.slice(0, 2), id.slice(2, 4), id);

async function open(t: TestContext, dataDir: string, options: Partial<FsStoreOptions> = {}): Promise<Store> {
  const store = await createFsStore({ dataDir, timeoutMs: 1000, log: pino({ level: 'silent' }), ...options });
  closeWith(t, () => store.close());
  return store;
}

testStore('fs', async (t) => open(t, await temporaryFolder(t, 'store')));

test('creates missing folders', async (t) => {
  const folder = join(await temporaryFolder(t, 'store'), 'a', 'b');
  await (await open(t, folder)).put(id, bytes);
  assert.deepEqual(await readFile(pathOf(folder)), bytes);
});

test('creates the folders of an image again if they were removed', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const store = await open(t, folder);
  await store.put(id, bytes);
  await rm(join(folder, 'images', id.slice(0, 2)), { recursive: true });
  assert.deepEqual(await store.put(id, bytes), { created: true });
  assert.deepEqual(await readFile(pathOf(folder)), bytes);
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
});

test('creates tmp again if it was removed', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const store = await open(t, folder);
  await rm(join(folder, 'tmp'), { recursive: true });
  assert.deepEqual(await store.put(id, bytes), { created: true });
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
});

test('leaves nothing in tmp after a put, a repeated and a failed one', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const store = await open(t, folder);
  await store.put(id, bytes);
  await store.put(id, bytes);
  // A file in the place of a folder.
  const other = Buffer.from('other');
  await writeFile(join(folder, 'images', idOf(other).slice(0, 2)), '');
  await assert.rejects(store.put(idOf(other), other), { code: 'store_unavailable' });
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
});

test('two stores share a folder', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const [one, two] = [await open(t, folder), await open(t, folder)];
  const results = await Promise.all([one.put(id, bytes), two.put(id, bytes)]);
  assert.deepEqual(results.map(({ created }) => created).sort(), [false, true]);
  await one.delete(id);
  await assert.rejects(two.read(id), { code: 'not_found' });
});

/** All paths except what was moved away, the marker file and the index. */
async function pathsIn(folder: string): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true });
  return paths.filter((path) => !path.startsWith('away') && !path.includes('.imgwire')).sort();
}

type Loss = [what: string, lost: string, remaining: string[]];
const losses: Loss[] = [
  ['the images', 'data/images', []],
  ['all folders, as with a mount at the data folder', 'data', ['data']],
  ['the data folder, as with a mount above it', 'data', []],
];
const emptied: Loss[] = [
  ['the images, with an empty folder in their place', 'data/images', ['data/images']],
  ['all folders, with empty ones in their place', 'data', ['data', 'data/images', 'data/tmp']],
];
for (const [what, lost, remaining] of [...losses, ...emptied]) {
  test(`answers store_unavailable instead of not_found, and creates nothing, without ${what}`, async (t) => {
    const folder = await temporaryFolder(t, 'store');
    const store = await open(t, join(folder, 'data'));
    await store.put(id, bytes);
    const absent = idOf(Buffer.from('never stored'));
    const other = Buffer.from('other');
    await rename(join(folder, lost), join(folder, 'away'));
    for (const path of remaining) await mkdir(join(folder, path));
    const calls = () => [
      store.put(idOf(other), other),
      store.put(id, bytes),
      store.read(id),
      store.open(id),
      store.check(absent),
      store.delete(id),
      store.list({ limit: 1 }),
      store.list({ limit: 1, order: 'newest' }),
    ];
    for (let time = 0; time < 2; time += 1) {
      const answers = await Promise.allSettled(calls());
      const codes = answers.map((answer) => answer.status === 'rejected' && answer.reason.code);
      assert.deepEqual([...new Set(codes)], ['store_unavailable'], String(codes));
    }
    assert.deepEqual(await pathsIn(folder), lost === 'data' ? remaining : ['data', ...remaining, 'data/tmp']);

    await rm(join(folder, lost), { recursive: true, force: true });
    await rename(join(folder, 'away'), join(folder, lost));
    assert.deepEqual((await store.read(id)).bytes, bytes);
    await assert.rejects(store.read(absent), { code: 'not_found' });
    assert.deepEqual(await store.put(idOf(other), other), { created: true });
    for (const order of ['id', 'newest'] as const) {
      assert.equal((await store.list({ limit: 10, order })).images.length, 2, order);
    }
  });
}

for (const [what, lost, remaining] of losses) {
  test(`opens for a replacement worker with a warning, and creates nothing, without ${what}`, async (t) => {
    const folder = await temporaryFolder(t, 'store');
    const dataDir = join(folder, 'data');
    await (await open(t, dataDir)).put(id, bytes);
    await rename(join(folder, lost), join(folder, 'away'));
    for (const path of remaining) await mkdir(join(folder, path));
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const store = await open(t, dataDir, { isReplacement: true, log });
    assert.ok(lines.some((line) => JSON.parse(line).msg === 'store cannot be written'));
    await assert.rejects(store.put(id, bytes), { code: 'store_unavailable' });
    await assert.rejects(store.read(id), { code: 'store_unavailable' });
    assert.deepEqual(await pathsIn(folder), lost === 'data' ? remaining : ['data', 'data/tmp']);

    await rm(join(folder, lost), { recursive: true, force: true });
    await rename(join(folder, 'away'), join(folder, lost));
    assert.deepEqual((await store.read(id)).bytes, bytes);
    const other = Buffer.from('other');
    assert.deepEqual(await store.put(idOf(other), other), { created: true });
  });
}

test('accepts another folder with images in place of its own, like a mount that came back', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const store = await open(t, folder);
  await store.put(id, bytes);
  await cp(join(folder, 'images'), join(folder, 'copy'), { recursive: true });
  await rm(join(folder, 'images'), { recursive: true });
  await rename(join(folder, 'copy'), join(folder, 'images'));
  await store.delete(id);
  await assert.rejects(store.read(id), { code: 'not_found' });
  assert.deepEqual(await store.put(id, bytes), { created: true });
});

test('ignores foreign files in its folders', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const store = await open(t, folder);
  await store.put(id, bytes);
  const images = join(folder, 'images');
  const place = join(images, id.slice(0, 2), id.slice(2, 4));
  await writeFile(join(images, 'README'), '');
  await writeFile(join(images, '00'), '');
  await writeFile(join(place, 'notes.txt'), '');
  await writeFile(join(place, '0'.repeat(64)), 'in the wrong folder');
  await mkdir(join(place, `${id.slice(0, 4)}${'0'.repeat(60)}`));
  const { images: listed } = await store.list({ limit: 10 });
  assert.deepEqual(
    listed.map(({ imageId }) => imageId),
    [id],
  );
});

/** A temporary file name as another process would create it. */
function nameBy(pid: number | undefined, scope?: string): string {
  const [own = '', , ...rest] = temporaryName().split('.');
  return [scope ?? own, pid, ...rest].join('.');
}

const longAgo = new Date(Date.now() - 3_601_000);
const deadPid = spawnSync(process.execPath, ['--version']).pid;
const container = '0123456789abcdef';

async function writeOld(path: string): Promise<void> {
  await writeFile(path, '');
  await utimes(path, longAgo, longAgo);
}

test('sweeps abandoned temporary files, and nothing else', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const tmp = join(folder, 'tmp');
  (await open(t, folder)).close();
  const dead = nameBy(deadPid);
  const mine = nameBy(process.pid);
  // A process with the same host name and id in another container.
  const elsewhere = nameBy(deadPid, container);
  const old = nameBy(process.pid, container);
  const legacy = `host.1.${randomUUID()}`;
  const foreign = [`${dead}.bak`, 'report.pdf', `x${old}`, `host.${deadPid}.a`];
  for (const name of [dead, mine, elsewhere]) await writeFile(join(tmp, name), '');
  for (const name of [old, legacy, ...foreign]) await writeOld(join(tmp, name));
  const likeOurs = nameBy(deadPid);
  await mkdir(join(tmp, likeOurs));
  await open(t, folder);
  assert.deepEqual((await readdir(tmp)).sort(), [mine, elsewhere, likeOurs, ...foreign].sort());
});

test('leaves an existing folder tmp alone, and uses a subfolder', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const tmp = join(folder, 'tmp');
  await mkdir(join(tmp, 'systemd-private'), { recursive: true });
  const names = ['report.pdf', nameBy(deadPid), nameBy(process.pid, container), `host.1.${randomUUID()}`];
  for (const name of [...names, 'systemd-private/state']) await writeOld(join(tmp, name));
  for (let start = 0; start < 2; start += 1) {
    const store = await open(t, folder);
    await store.put(id, bytes);
    await store.delete(id);
    await writeOld(join(tmp, 'imgwire', nameBy(deadPid)));
    store.close();
  }
  await open(t, folder);
  assert.deepEqual((await readdir(tmp)).sort(), [...names, 'imgwire', 'systemd-private'].sort());
  assert.deepEqual(await readdir(join(tmp, 'systemd-private')), ['state']);
  assert.deepEqual(await readdir(join(tmp, 'imgwire')), ['.imgwire']);
});

test('adopts the folder tmp of an earlier version, which has no marker file', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  const tmp = join(folder, 'tmp');
  await mkdir(tmp);
  await writeOld(join(tmp, `a.host.17.${randomUUID()}`));
  await open(t, folder);
  assert.deepEqual(await readdir(tmp), []);
});

test('names an unusable folder', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  await writeFile(join(folder, 'file'), '');
  const dataDir = join(folder, 'file', 'data');
  await assert.rejects(open(t, dataDir), (error: Error) => {
    assert.ok(error.message.includes(dataDir), error.message);
    assert.ok(error.cause instanceof Error);
    return true;
  });
});

test('names a folder without write permission', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  await chmod(folder, 0o500);
  // Root may write anywhere except here.
  const dataDir = process.getuid?.() === 0 ? '/sys' : folder;
  await assert.rejects(open(t, dataDir), (error: Error) => error.message.includes(dataDir));
});

for (const away of ['images', 'tmp']) {
  test(`names its folders if ${away} is on another file system`, async (t) => {
    const folder = await temporaryFolder(t, 'store');
    const elsewhere = await mkdtemp('/dev/shm/imgwire-store-');
    closeWith(t, () => rm(elsewhere, { recursive: true }));
    assert.notEqual((await stat(elsewhere)).dev, (await stat(folder)).dev);
    await symlink(elsewhere, join(folder, away));
    await assert.rejects(open(t, folder), (error: Error) => {
      for (const name of ['images', 'tmp']) assert.ok(error.message.includes(join(folder, name)), error.message);
      assert.match(error.message, /must be on one file system/);
      return true;
    });
    assert.deepEqual((await readdir(folder, { recursive: true })).sort(), ['.imgwire', 'images', 'tmp']);
    assert.deepEqual(await readdir(elsewhere), []);
  });
}

test('uses folders that are symbolic links, and leaves no trace of its trial', async (t) => {
  const folder = await temporaryFolder(t, 'store');
  for (const name of ['images', 'tmp']) {
    await mkdir(join(folder, 'elsewhere', name), { recursive: true });
    await symlink(join(folder, 'elsewhere', name), join(folder, name));
  }
  const store = await open(t, folder);
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  assert.deepEqual(
    (await readdir(join(folder, 'images'))).filter((name) => !name.startsWith('.')),
    [],
  );
  assert.deepEqual(await store.put(id, bytes), { created: true });
});

test('maps file system errors, keeps their cause, and passes bugs through', () => {
  const codes = {
    ENOSPC: 'insufficient_storage',
    EDQUOT: 'insufficient_storage',
    EACCES: 'store_unavailable',
    EROFS: 'store_unavailable',
    EIO: 'store_unavailable',
  };
  for (const [code, expected] of Object.entries(codes)) {
    const cause = Object.assign(new Error(code), { code, syscall: 'write' });
    const error = storeError(cause) as { code?: string; cause?: unknown };
    assert.equal(error.code, expected);
    assert.equal(error.cause, cause);
  }
  const bug = new TypeError('x is not a function');
  assert.equal(storeError(bug), bug);
});
