import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { RequestError } from '../../src/contract/errors.ts';
import { createLevels, type Levels, type LevelsOptions } from '../../src/worker/levels/levels.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const level = { shrink: 2, bytes: 1000, leastOthers: 1 } as const;
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

async function filesIn(folder: string): Promise<string[]> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  return found.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !path.endsWith('.imgwire'));
}

/** Once it is kept, which no answer waits for. */
async function fileOf(folder: string, imageId: string): Promise<string> {
  for (;;) {
    const [name] = await readdir(join(folder, imageId)).catch(() => []);
    if (name !== undefined) return join(folder, imageId, name);
    await delay(2);
  }
}

const never = async () => assert.fail('A level is there');

test('a level is made once, and used by all processes, also after a restart', async (t) => {
  const folder = await scratch(t);
  const [one, other] = [await openLevels(t, { folder }), await openLevels(t, { folder })];
  assert.equal(await read(one, a), undefined);
  assert.deepEqual(await read(one, a, write), contents);
  assert.deepEqual(await read(one, a, never), contents);
  assert.deepEqual(await read(other, a, never), contents);
  assert.deepEqual(await read(await openLevels(t, { folder }), a), contents);
  assert.equal(await other.use(a, { ...level, shrink: 4 }, undefined, readFile), undefined);
});

test('who asks at once for the same level waits for the first', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
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
  test(`a damaged level (${what}) is not used but made anew`, async (t) => {
    const folder = await scratch(t);
    const first = await openLevels(t, { folder });
    await read(first, a, write);
    const path = await fileOf(folder, a);
    const { mtime } = await stat(path);
    await damage(path);
    // By a process that has checked it before, too.
    await utimes(path, new Date(), new Date(mtime.getTime() + 5000));
    for (const levels of [first, await openLevels(t, { folder })]) {
      assert.equal(await read(levels, a), undefined);
      assert.equal(existsSync(path), false);
    }
    assert.deepEqual(await read(first, a, write), contents);
  });
}

test('a file that cannot be worked on is removed, unless the request is at fault', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  await read(levels, a, write);
  const path = await fileOf(folder, a);
  const fail = (error: Error) => levels.use(a, level, undefined, () => Promise.reject(error));
  await assert.rejects(fail(new RequestError('invalid_request', 'Expected less')), { code: 'invalid_request' });
  assert.ok(existsSync(path));
  assert.equal(await fail(new Error('Cannot be decoded')), undefined);
  assert.equal(existsSync(path), false);
});

test('nothing is left of a level that cannot be written', async (t) => {
  const folder = await scratch(t);
  const levels = await openLevels(t, { folder });
  const half = async (path: string) => {
    await writeFile(path, 'half');
    throw new Error('Disk full');
  };
  assert.equal(await read(levels, a, half), undefined);
  assert.deepEqual(await read(levels, a, write), contents);
  await fileOf(folder, a);
  assert.equal((await filesIn(folder)).length, 1);
});

test('all files together stay within the limit, and the least recently used go first', async (t) => {
  const folder = await scratch(t);
  const maxBytes = 20_000;
  const [one, other] = [
    await openLevels(t, { folder, maxBytes, workers: 2 }),
    await openLevels(t, { folder, maxBytes, workers: 2 }),
  ];
  const hex = (index: number) => index.toString(16).padStart(64, '0');
  await read(one, a, write);
  const used = await fileOf(folder, a);
  for (let index = 0; index < 60; index += 1) {
    await read(index % 2 === 0 ? one : other, hex(index), write);
    await fileOf(folder, hex(index));
    await utimes(used, new Date(Date.now() + 60_000), (await stat(used)).mtime);
    const kept = (await filesIn(folder)).filter((path) => !path.includes('.part'));
    assert.ok(kept.length <= 20, `${kept.length} files of 1000 bytes`);
  }
  assert.deepEqual(await read(one, a, never), contents);
  assert.deepEqual(await read(one, hex(59), never), contents);
  assert.equal(await read(one, hex(0)), undefined);
});

test('a level of more than an eighth of the limit is not kept', async (t) => {
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

test('levels go with their images, also where one is deleted while its level is made', async (t) => {
  const folder = await scratch(t);
  const image = deletable();
  const levels = await openLevels(t, { folder, store: image });
  for (const imageId of [a, b, c]) await read(levels, imageId, write);
  for (const imageId of [a, b, c]) await fileOf(folder, imageId);
  await levels.forget([a]);
  assert.equal(await read(levels, a), undefined);
  await levels.forget([b, c, 'd'.repeat(64)]);
  assert.deepEqual(await filesIn(folder), []);

  image.isDeleted = true;
  assert.deepEqual(await read(levels, a, write), contents);
  assert.equal(await read(levels, a), undefined);
  assert.deepEqual(await filesIn(folder), []);
});

test('an image may be deleted at the moment that its levels are kept', async (t) => {
  const folder = await scratch(t);
  const image = deletable();
  const all = await Promise.all(Array.from({ length: 4 }, () => openLevels(t, { folder, store: image })));
  for (let time = 0; time < 50; time += 1) {
    image.isDeleted = false;
    const shrinks = [1, 2, 4, 8] as const;
    await Promise.all(all.map((one, index) => one.use(a, { ...level, shrink: shrinks[index] as 1 }, write, readFile)));
    image.isDeleted = true;
    await Promise.all(all.map((one) => one.forget([a])));
  }
  while ((await filesIn(folder)).length > 0) await delay(2);
});

test('what ended processes have left is removed at the start, and what is not ours stays', async (t) => {
  const folder = await scratch(t);
  await openLevels(t, { folder });
  const left = join(folder, `${'0'.repeat(16)}.1.00000000-0000-0000-0000-000000000000.part.v`);
  const old = new Date(Date.now() - 86_400_000);
  await writeFile(left, 'half');
  await utimes(left, old, old);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await openLevels(t, { folder });
  assert.deepEqual(await filesIn(folder), [join(folder, 'notes.txt')]);
});

test('with a limit of 0 nothing is kept, and what was kept is removed', async (t) => {
  const folder = await scratch(t);
  await read(await openLevels(t, { folder }), a, write);
  await fileOf(folder, a);
  const levels = await openLevels(t, { folder, maxBytes: 0 });
  assert.deepEqual(await filesIn(folder), []);
  assert.equal(await read(levels, a, write), undefined);
});

test("in a folder of others, levels have one of their own, and 0 leaves the others' files alone", async (t) => {
  const folder = await scratch(t);
  await mkdir(folder);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await read(await openLevels(t, { folder }), a, write);
  assert.match(await fileOf(join(folder, 'imgwire'), a), /\.v$/);
  await openLevels(t, { folder, maxBytes: 0 });
  assert.deepEqual(await filesIn(folder), [join(folder, 'notes.txt')]);
});
