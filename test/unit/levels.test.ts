import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { RequestError } from '../../src/contract/errors.ts';
import { createLevels, type Levels, type LevelsOptions } from '../../src/worker/levels/levels.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const level = { shrink: 2, bytes: 1000, minOthers: 1 } as const;
const contents = Buffer.alloc(1000, 'level');
const write = (path: string) => writeFile(path, contents);

async function scratch(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t, 'levels');
  return join(folder, 'levels');
}

async function openLevels(t: TestContext, options: Partial<LevelsOptions> & { folder: string }): Promise<Levels> {
  const levels = await createLevels({
    maxBytes: 1_000_000,
    workers: 1,
    timeoutMs: 1000,
    store: { check: async () => {} },
    log: pino({ level: 'silent' }),
    ...options,
  });
  closeWith(t, () => levels.close());
  return levels;
}

const read = (levels: Levels, imageId: string, making?: typeof write) => levels.use(imageId, level, making, readFile);

/** Makes a level as soon as there is space, and resolves once it is stored, which happens in the background. */
async function make(levels: Levels, folder: string, imageId: string, making = write): Promise<string> {
  while ((await read(levels, imageId, making)) === undefined) await delay(2);
  return fileOf(folder, imageId);
}

async function filesIn(folder: string): Promise<string[]> {
  const inner = await readdir(folder, { withFileTypes: true });
  const found = inner.map(async (entry) => {
    const path = join(folder, entry.name);
    // A trim may have removed the folder.
    return entry.isDirectory() ? filesIn(path).catch(() => []) : [path];
  });
  return (await Promise.all(found)).flat().filter((path) => !path.endsWith('.imgwire'));
}

async function fileOf(folder: string, imageId: string): Promise<string> {
  for (;;) {
    const [name] = await readdir(join(folder, imageId)).catch(() => []);
    if (name !== undefined) return join(folder, imageId, name);
    await delay(2);
  }
}

function held() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

const never = async () => assert.fail('A level is there');

test('a level is made once and used by all processes, even after a restart', async (t) => {
  const folder = await scratch(t);
  const [one, other] = [await openLevels(t, { folder }), await openLevels(t, { folder })];
  assert.equal(await read(one, a), undefined);
  await make(one, folder, a);
  assert.deepEqual(await read(one, a, never), contents);
  assert.deepEqual(await read(other, a, never), contents);
  assert.deepEqual(await read(await openLevels(t, { folder }), a), contents);
  assert.equal(await other.use(a, { ...level, shrink: 4 }, undefined, readFile), undefined);
});

test('concurrent requests for a level wait for the first', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  await make(levels, folder, b);
  let times = 0;
  const slowly = async (path: string) => {
    times += 1;
    await delay(20);
    await write(path);
  };
  const all = await Promise.all([1, 2, 3].map(() => read(levels, a, slowly)));
  assert.deepEqual(all, [contents, contents, contents]);
  assert.equal(times, 1);
});

const damages: Record<string, (path: string) => Promise<unknown>> = {
  'cut off': (path) => truncate(path, 500),
  emptied: (path) => truncate(path, 0),
  'one bit changed': async (path) => {
    const file = await open(path, 'r+');
    await file.write(Buffer.from([(contents[700] as number) ^ 1]), 0, 1, 700);
    await file.close();
  },
  'all zeros': (path) => writeFile(path, Buffer.alloc(contents.length)),
  longer: (path) => writeFile(path, Buffer.concat([contents, contents])),
  'of another size than its name says': (path) => writeFile(path, 'short'),
};

for (const [what, damage] of Object.entries(damages)) {
  test(`a damaged level (${what}) is made again`, async (t) => {
    const folder = await scratch(t);
    const first = await openLevels(t, { folder });
    const path = await make(first, folder, a);
    const { mtime } = await stat(path);
    await damage(path);
    // Even a process that has already checked the file must notice.
    await utimes(path, new Date(), new Date(mtime.getTime() + 5000));
    for (const levels of [first, await openLevels(t, { folder })]) {
      assert.equal(await read(levels, a), undefined);
      assert.equal(existsSync(path), false);
    }
    assert.deepEqual(await read(first, a, write), contents);
  });
}

test('a file that cannot be decoded is removed, unless the request is at fault', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  const path = await make(levels, folder, a);
  const fail = (error: Error) => levels.use(a, level, undefined, () => Promise.reject(error));
  await assert.rejects(fail(new RequestError('invalid_request', 'Expected less')), { code: 'invalid_request' });
  assert.ok(existsSync(path));
  assert.equal(await fail(new Error('Cannot be decoded')), undefined);
  assert.equal(existsSync(path), false);
});

test('a level that cannot be written leaves nothing behind, and is not retried for each result', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  await make(levels, folder, b);
  let times = 0;
  const half = async (path: string) => {
    times += 1;
    await writeFile(path, 'half');
    throw new Error('Unreadable but for the direct way');
  };
  while ((await filesIn(folder)).length > 1 || times === 0) await read(levels, a, half);
  assert.equal(await read(levels, a, half), undefined);
  assert.equal(times, 1);
});

test('a full disk stops new levels, and is logged once', async (t) => {
  const folder = await scratch(t);
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  const maxBytes = 1e18;
  const levels = await openLevels(t, { folder, log, maxBytes });
  await make(levels, folder, b);
  const huge = { ...level, bytes: maxBytes / 10 };
  for (let time = 0; time < 3; time += 1) assert.equal(await levels.use(a, huge, never, readFile), undefined);
  while (lines.length === 0) await levels.use(a, huge, never, readFile);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', new RegExp(`Expected ${maxBytes / 10} bytes free in ${folder}`));
});

test('stores levels again after the folder was removed', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  await make(levels, folder, a);
  await rm(folder, { recursive: true });
  assert.equal(await read(levels, a), undefined);
  await levels.invalidate([a, b]);
  await make(levels, folder, a);
  assert.deepEqual(await read(levels, a, never), contents);
});

test('an unusable folder fails the first start, but not a replacement worker', async (t) => {
  const folder = '/dev/null/levels';
  await assert.rejects(
    openLevels(t, { folder }),
    /Expected a folder that can be written for decoded levels but received/,
  );
  const levels = await openLevels(t, { folder, isReplacement: true });
  assert.equal(await read(levels, a, never), undefined);
  await levels.invalidate([a]);
});

test('removes unfinished files when the process ends', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  const kept = await make(levels, folder, b);
  const { released, release } = held();
  const using = levels.use(
    a,
    level,
    async (path) => {
      await write(path);
      await writeFile(path.replace(/\.v$/, '.jpg'), 'source');
    },
    () => released,
  );
  while ((await filesIn(folder)).length < 3) await delay(2);
  levels.close();
  assert.deepEqual(await filesIn(folder), [kept]);
  release();
  await using;
});

const hex = (index: number) => index.toString(16).padStart(64, '0');

test('all files stay within the limit, unfinished ones included, and the least recently used go first', async (t) => {
  const folder = await scratch(t);
  const maxBytes = 20_000;
  const [one, other] = [
    await openLevels(t, { folder, maxBytes, workers: 2 }),
    await openLevels(t, { folder, maxBytes, workers: 2 }),
  ];
  const used = await make(one, folder, a);
  for (let index = 0; index < 60; index += 2) {
    await Promise.all([make(one, folder, hex(index)), read(other, hex(index + 1), write)]);
    await utimes(used, new Date(Date.now() + 10_000), (await stat(used)).mtime);
    const kept = await filesIn(folder);
    assert.ok(kept.length <= 20, `${kept.length} files of 1000 bytes`);
  }
  await make(one, folder, hex(60));
  assert.deepEqual(await read(one, a, never), contents);
  assert.deepEqual(await read(one, hex(60), never), contents);
  assert.equal(await read(one, hex(0)), undefined);
});

test('after the clock was set back, files with a later time go first unless used again', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder, maxBytes: 20_000 });
  const future = new Date(Date.now() + 86_400_000);
  for (const imageId of [a, b]) {
    const path = await make(levels, folder, imageId);
    await utimes(path, future, (await stat(path)).mtime);
  }
  await read(levels, a);
  while ((await stat(await fileOf(folder, a))).atime >= future) await delay(2);
  for (let index = 0; index < 16; index += 1) await make(levels, folder, hex(index));
  assert.equal(await read(levels, b), undefined);
  assert.deepEqual(await read(levels, a, never), contents);
});

test("a folder in the place of a level's file does no harm", async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  const path = await make(levels, folder, a);
  await rm(path);
  await mkdir(join(path, 'inner'), { recursive: true });
  await make(levels, folder, a);
  assert.deepEqual(await read(levels, a, never), contents);
});

test('does not store a level of more than an eighth of the limit', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder, maxBytes: 7999 });
  assert.equal(await read(levels, a, write), undefined);
  assert.deepEqual(await filesIn(folder), []);
});

function deletable() {
  const image = {
    isDeleted: false,
    async check() {
      if (image.isDeleted) throw new RequestError('not_found', 'No image');
    },
  };
  return image;
}

test('deletes levels with their images, even if an image is deleted while its level is made', async (t) => {
  const folder = await scratch(t);
  const image = deletable();
  const levels = await openLevels(t, { folder, store: image });
  for (const imageId of [a, b, c]) await make(levels, folder, imageId);
  await levels.invalidate([a]);
  assert.equal(await read(levels, a), undefined);
  await levels.invalidate([b, c, 'd'.repeat(64)]);
  assert.deepEqual(await filesIn(folder), []);

  image.isDeleted = true;
  assert.deepEqual(await read(levels, a, write), contents);
  assert.equal(await read(levels, a), undefined);
  assert.deepEqual(await filesIn(folder), []);
});

test('leaves no levels if an image is deleted just as they are stored', async (t) => {
  const folder = await scratch(t);
  const image = deletable();
  const all = await Promise.all(Array.from({ length: 4 }, () => openLevels(t, { folder, store: image })));
  for (let time = 0; time < 50; time += 1) {
    image.isDeleted = false;
    const shrinks = [1, 2, 4, 8] as const;
    await Promise.all(all.map((one, index) => one.use(a, { ...level, shrink: shrinks[index] as 1 }, write, readFile)));
    image.isDeleted = true;
    await Promise.all(all.map((one) => one.invalidate([a])));
  }
  while ((await filesIn(folder)).length > 0) await delay(2);
});

test('removes leftovers of exited processes at the start, and keeps other files', async (t) => {
  const folder = await scratch(t);
  await openLevels(t, { folder });
  const leftover = join(folder, `${'0'.repeat(16)}.1.00000000-0000-0000-0000-000000000000.part.v`);
  const old = new Date(Date.now() - 86_400_000);
  await writeFile(leftover, 'half');
  await utimes(leftover, old, old);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await openLevels(t, { folder });
  assert.deepEqual(await filesIn(folder), [join(folder, 'notes.txt')]);
});

test('a limit of 0 stores nothing and removes existing levels', async (t) => {
  const folder = await scratch(t);
  await make(await openLevels(t, { folder }), folder, a);
  const levels = await openLevels(t, { folder, maxBytes: 0 });
  assert.deepEqual(await filesIn(folder), []);
  assert.equal(await read(levels, a, write), undefined);
});

test('a limit of 0 starts in a folder in use by another service, and keeps its unfinished files', async (t) => {
  const folder = await scratch(t);
  const busy = await openLevels(t, { folder });
  await make(busy, folder, a);
  const { released, release } = held();
  const using = busy.use(b, level, write, () => released);
  while ((await filesIn(folder)).length < 2) await delay(2);
  let isOver = false;
  const working = (async () => {
    for (let index = 0; !isOver; index += 1) await busy.use(hex(index % 5), level, write, readFile);
  })();
  for (let time = 0; time < 20; time += 1) await openLevels(t, { folder, maxBytes: 0 });
  isOver = true;
  release();
  await Promise.all([working, using]);
  while ((await filesIn(folder)).some((path) => path.includes('.part'))) await delay(2);
  assert.match(await fileOf(folder, b), /\.v$/);
});

test('levels get a subfolder in a foreign folder, and a limit of 0 leaves foreign files alone', async (t) => {
  const folder = await scratch(t);
  await mkdir(folder);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  assert.match(await make(await openLevels(t, { folder }), join(folder, 'imgwire'), a), /\.v$/);
  await openLevels(t, { folder, maxBytes: 0 });
  assert.deepEqual(await filesIn(folder), [join(folder, 'notes.txt')]);
});
