import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { formatNames } from '../../src/contract/formats.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { createSourceCache, type SourceCache } from '../../src/worker/source-cache.ts';
import { Stages } from '../../src/worker/stages.ts';
import { createFsStore } from '../../src/worker/store/fs.ts';
import type { Store } from '../../src/worker/store/store.ts';
import { plain, red } from '../helpers/images.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { idOf } from '../store/suite.ts';

interface Subject {
  sources: SourceCache;
  store: Store;
  /** Ids of the images read from the store. */
  read: string[];
}

async function open(t: TestContext): Promise<Subject> {
  const dataDir = await temporaryFolder(t, 'sources');
  const store = await createFsStore({ dataDir, timeoutMs: 1000, log: pino({ level: 'silent' }) });
  closeWith(t, () => store.close());
  const read: string[] = [];
  const watched: Store = {
    ...store,
    read(imageId, range) {
      read.push(imageId);
      return store.read(imageId, range);
    },
  };
  const limits = { inputFormats: formatNames, maxInputPixels: 100_000_000 };
  return { sources: createSourceCache(watched, { inspect }, limits), store, read };
}

async function put(store: Store, bytes: Buffer): Promise<string> {
  await store.put(idOf(bytes), bytes);
  return idOf(bytes);
}

const picture = await plain(30, 20, red).png().toBuffer();

test('reads an image once for consecutive and concurrent requests', async (t) => {
  const { sources, store, read } = await open(t);
  const id = await put(store, picture);
  const [first, second] = await Promise.all([sources.get(id, new Stages()), sources.get(id, new Stages())]);
  assert.equal(first, second);
  assert.equal(await sources.get(id, new Stages()), first);
  assert.deepEqual([first.format, first.width, first.height], ['png', 30, 20]);
  assert.deepEqual(first.bytes, picture);
  assert.deepEqual(read, [id]);
});

test('does not serve an image deleted by any process', async (t) => {
  const { sources, store } = await open(t);
  const id = await put(store, picture);
  await sources.get(id, new Stages());
  await store.delete(id);
  await assert.rejects(sources.get(id, new Stages()), { code: 'not_found' });
  await put(store, picture);
  assert.deepEqual((await sources.get(id, new Stages())).bytes, picture);
});

test('keeps the most recently used images, by bytes', async (t) => {
  const { sources, store, read } = await open(t);
  const large = (mark: number) => Buffer.concat([picture, Buffer.alloc(7_000_000, mark)]);
  const ids: string[] = [];
  for (const mark of [1, 2, 3]) ids.push(await put(store, large(mark)));
  for (const id of ids) await sources.get(id, new Stages());
  const [oldest, , newest] = ids as [string, string, string];
  await sources.get(newest, new Stages());
  assert.deepEqual(read, ids);
  await sources.get(oldest, new Stages());
  assert.deepEqual(read, [...ids, oldest]);
});

test('retries an image that could not be read', async (t) => {
  const { sources, store, read } = await open(t);
  const id = idOf(picture);
  await assert.rejects(sources.get(id, new Stages()), { code: 'not_found' });
  await put(store, picture);
  await sources.get(id, new Stages());
  assert.deepEqual(read, [id, id]);
});
