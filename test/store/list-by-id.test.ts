import assert from 'node:assert/strict';
import { mkdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createFsStore } from '../../src/worker/store/fs.ts';
import type { Store } from '../../src/worker/store/store.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const idOf = (prefix: string) => prefix.padEnd(64, '7');
const hex = (number: number) => number.toString(16).padStart(4, '0');

async function openFolder(t: TestContext): Promise<{ store: Store; images: string }> {
  const folder = await temporaryFolder(t, 'list');
  const store = await createFsStore({ dataDir: folder, timeoutMs: 1000, log: pino({ level: 'silent' }) });
  closeWith(t, () => store.close());
  return { store, images: join(folder, 'images') };
}

async function place(images: string, prefix: string): Promise<void> {
  const folder = join(images, prefix.slice(0, 2), prefix.slice(2, 4));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, idOf(prefix)), prefix);
}

/** A path that cannot be read: any access fails with ELOOP. */
async function trap(path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await symlink(path, path);
}

/** Yields each page in order. */
async function* pagesOf(store: Store, limit: number): AsyncGenerator<string[]> {
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    yield page.images.map(({ imageId }) => imageId);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

const idsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => hex(first + index * 5));

test('a page reads no folder before it, and few after it', async (t) => {
  const { store, images } = await openFolder(t);
  const prefixes = idsFrom(0x1000, 60);
  for (const prefix of prefixes) await place(images, prefix);
  await trap(join(images, '00', '00'));
  await assert.rejects(store.list({ limit: 1 }), { code: 'store_unavailable' });

  await unlink(join(images, '00', '00'));
  const { nextCursor = '' } = await store.list({ limit: 20 });
  await trap(join(images, '00', '00'));
  await trap(join(images, '10', '01'));
  await trap(join(images, 'ff', 'ff'));
  const page = await store.list({ limit: 20, cursor: nextCursor });
  assert.deepEqual(
    page.images.map(({ imageId }) => imageId),
    prefixes.slice(20, 40).map(idOf),
  );
  await assert.rejects(store.list({ limit: 60, cursor: nextCursor }), { code: 'store_unavailable' });
});

test('pages of any length list all images in order, once each', async (t) => {
  const { store, images } = await openFolder(t);
  const prefixes = [...idsFrom(0x00fe, 30), 'abcd', 'abcd1', 'abcd2', 'abcd3', 'abce', 'ffff'];
  for (const prefix of prefixes) await place(images, prefix);
  for (const limit of [1, 2, 3, 7, 35, 36, 37, 1000]) {
    const pages: string[][] = [];
    for await (const page of pagesOf(store, limit)) pages.push(page);
    assert.deepEqual(pages.flat(), prefixes.map(idOf).sort(), `pages of ${limit}`);
    assert.equal(pages.length, Math.ceil(prefixes.length / limit), `pages of ${limit}`);
  }
});

test('a page does not read all the empty folders that deleted images have left', async (t) => {
  const { store, images } = await openFolder(t);
  const empty = Array.from({ length: 1500 }, (_, number) => hex(0x4000 + number));
  for (const prefix of empty) await mkdir(join(images, prefix.slice(0, 2), prefix.slice(2)), { recursive: true });
  await place(images, '3000');
  await place(images, '9000');
  const last = join(images, '45', 'ff');
  await trap(last);
  const first = await store.list({ limit: 100 });
  assert.deepEqual([first.images.map(({ imageId }) => imageId), typeof first.nextCursor], [[idOf('3000')], 'string']);
  await unlink(last);
  const pages: string[][] = [];
  for await (const page of pagesOf(store, 100)) pages.push(page);
  assert.deepEqual(pages.flat(), [idOf('3000'), idOf('9000')]);
});
