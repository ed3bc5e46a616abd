import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { createFsStore } from '../../src/worker/store/fs.ts';
import type { Store } from '../../src/worker/store/store.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { idOf } from './suite.ts';

const log = pino({ level: 'silent' });
const indexOf = (dataDir: string) => join(dataDir, 'images', '.imgwire-uploads');
const imageOf = (number: number) => Buffer.from(`image ${number}`);
const pathOf = (dataDir: string, id: string) => join(dataDir, 'images', id.slice(0, 2), id.slice(2, 4), id);

async function open(t: TestContext, dataDir: string): Promise<Store> {
  const store = await createFsStore({ dataDir, timeoutMs: 1000, log });
  closeWith(t, () => store.close());
  return store;
}

/** Writes images without the index, as another program would, a second apart, the first one the oldest. */
async function place(dataDir: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = idOf(imageOf(number));
    await mkdir(dirname(pathOf(dataDir, id)), { recursive: true });
    await writeFile(pathOf(dataDir, id), imageOf(number));
    const time = new Date(1_700_000_000_000 + number * 1000);
    await utimes(pathOf(dataDir, id), time, time);
    ids.unshift(id);
  }
  return ids;
}

/** Ids of all images, newest first, over all pages. */
async function newest(store: Store, limit = 1000): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit, order: 'newest', ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.images.map(({ imageId }) => imageId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

/** Waits for background work. */
async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await setImmediate();
    }
  }
}

test('indexes the images of a store without an index by time when it opens', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const ids = await place(folder, 20);
  const store = await open(t, folder);
  assert.deepEqual(await newest(store, 7), ids);
  await store.put(idOf(imageOf(100)), imageOf(100));
  assert.deepEqual(await newest(store), [idOf(imageOf(100)), ...ids]);
});

test('rebuilds an index lost while the store is open', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const ids = await place(folder, 20);
  const store = await open(t, folder);
  await rm(indexOf(folder));
  assert.deepEqual(await newest(store), ids);
  await rm(indexOf(folder));
  const late = idOf(imageOf(100));
  await store.put(late, imageOf(100));
  assert.deepEqual(await newest(store), [late, ...ids]);
});

test('adds an image missing from the index at the next start', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  (await open(t, folder)).close();
  const ids = await place(folder, 3);
  const store = await open(t, folder);
  await eventually(async () => assert.deepEqual(await newest(store), ids));
});

const damages: [what: string, damage: (path: string) => Promise<void>][] = [
  ['cut off within its last line', async (path) => truncate(path, (await stat(path)).size - 30)],
  ['cut off between lines', async (path) => truncate(path, 79 * 5)],
  ['emptied', (path) => truncate(path, 0)],
  ['cut off within its header', (path) => truncate(path, 20)],
  ['followed by half a line', (path) => appendFile(path, '17000000')],
  ['followed by zeros', (path) => appendFile(path, Buffer.alloc(5000))],
  ['without its last line feed', async (path) => truncate(path, (await stat(path)).size - 1)],
  ['replaced by another file', (path) => writeFile(path, 'hello\n'.repeat(100))],
];

for (const [what, damage] of damages) {
  test(`an index that is ${what} loses no image`, async (t) => {
    const folder = await temporaryFolder(t, 'index');
    const ids = await place(folder, 20);
    (await open(t, folder)).close();
    await damage(indexOf(folder));
    const store = await open(t, folder);
    const late = idOf(imageOf(100));
    await store.put(late, imageOf(100));
    await eventually(async () => {
      assert.deepEqual(await newest(store, 6), [late, ...ids]);
      const index = await readFile(indexOf(folder), 'latin1');
      assert.match(index, /^imgwire uploads 1 {61}\n(\d{13} [0-9a-f]{64}\n){21}$/);
    });
  });
}

test('a cursor stays valid after the index was rebuilt', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const ids = await place(folder, 20);
  const store = await open(t, folder);
  const { nextCursor = '' } = await store.list({ limit: 5, order: 'newest' });
  for (const id of [ids[1], ids[4], ids[6], ids[19]]) await store.delete(id as string);
  await rm(indexOf(folder));
  const { images } = await store.list({ limit: 50, order: 'newest', cursor: nextCursor });
  assert.deepEqual(
    images.map(({ imageId }) => imageId),
    [ids[5], ...ids.slice(7, 19)],
  );
});

test('skips lines of deleted images, and compacts the index if there are many', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const ids = await place(folder, 5);
  const store = await open(t, folder);
  const dead = Array.from({ length: 5000 }, (_, number) => `1700000100000 ${idOf(imageOf(1000 + number))}\n`);
  await appendFile(indexOf(folder), dead.join(''));
  assert.deepEqual(await newest(store, 2), ids);
  await eventually(async () => assert.equal((await stat(indexOf(folder))).size, 79 * 6));
  assert.deepEqual(await newest(store, 2), ids);
});

test('lists images with a changed time by their new time', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const ids = await place(folder, 5);
  const store = await open(t, folder);
  const time = new Date(1_600_000_000_000);
  await utimes(pathOf(folder, ids[0] as string), time, time);
  await eventually(async () => assert.deepEqual(await newest(store), [...ids.slice(1), ids[0]]));
});

test('uploads while the index is built are in it, once each', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const placed = await place(folder, 300);
  const [one, two] = [await open(t, folder), await open(t, folder)];
  await rm(indexOf(folder));
  const numbers = Array.from({ length: 60 }, (_, number) => 1000 + number);
  const puts = numbers.map((number) => (number % 2 ? one : two).put(idOf(imageOf(number)), imageOf(number)));
  const made = [one, two].map((store) => eventually(async () => void (await newest(store))));
  await Promise.all([...puts, ...made]);
  const expected = [...placed, ...numbers.map((number) => idOf(imageOf(number)))].sort();
  for (const store of [one, two]) {
    await eventually(async () => assert.deepEqual((await newest(store)).sort(), expected));
  }
});

test('processes killed while storing leave no image out of the index', async (t) => {
  const folder = await temporaryFolder(t, 'index');
  const program = `
    import { createHash, randomBytes } from 'node:crypto';
    import { createFsStore } from ${JSON.stringify(new URL('../../src/worker/store/fs.ts', import.meta.url).href)};
    const store = await createFsStore({ dataDir: ${JSON.stringify(folder)}, timeoutMs: 1000, log: console });
    for (let sent = 0; ; sent += 1) {
      const bytes = randomBytes(20_000);
      await store.put(createHash('sha256').update(bytes).digest('hex'), bytes);
      if (sent === 20) process.stdout.write('enough');
    }`;
  const writers = Array.from({ length: 2 }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(writers.map(({ stdout }) => once(stdout, 'data')));
  for (const writer of writers) writer.kill('SIGKILL');
  await Promise.all(writers.map((writer) => once(writer, 'exit')));
  const lines = (await readFile(indexOf(folder), 'latin1')).split('\n');
  const indexed = new Set(lines.map((line) => line.slice(14)));
  const store = await open(t, folder);
  const { images } = await store.list({ limit: 1000 });
  assert.ok(images.length >= 40);
  assert.deepEqual(
    images.filter(({ imageId }) => !indexed.has(imageId)),
    [],
  );
  assert.deepEqual((await newest(store, 9)).sort(), images.map(({ imageId }) => imageId).sort());
});

test('tries a rebuild that fails once per list, with a line in the log', async (t) => {
  const dataDir = await temporaryFolder(t, 'store');
  const lines: string[] = [];
  const store = await createFsStore({
    dataDir,
    timeoutMs: 1000,
    log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
  });
  closeWith(t, () => store.close());
  await rm(indexOf(dataDir));
  // A file in its place, so that no folder can be created.
  await rm(join(dataDir, 'tmp'), { recursive: true });
  await writeFile(join(dataDir, 'tmp'), '');
  await assert.rejects(store.list({ limit: 1, order: 'newest' }), { code: 'store_unavailable' });
  assert.equal(lines.length, 1, lines.join(''));
});
