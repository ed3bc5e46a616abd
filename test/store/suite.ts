import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Store } from '../../src/worker/store/store.ts';
import { closeWith } from '../helpers/owner.ts';

/** Opens an empty store, and removes it after the test. */
export type OpenStore = (t: TestContext) => Promise<Store>;

export function idOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const bytes = Buffer.from('the bytes of an image');
const absent = idOf(Buffer.from('never stored'));

/** The conformance suite for every store. */
export function testStore(name: string, open: OpenStore): void {
  test(`${name}: returns what was put`, async (t) => {
    const store = await open(t);
    const before = Date.now();
    assert.deepEqual(await store.put(idOf(bytes), bytes), { created: true });
    const image = await store.read(idOf(bytes));
    assert.deepEqual(image.bytes, bytes);
    // Some stores have a resolution of seconds.
    assert.ok(Math.abs(image.createdAt.getTime() - before) < 60_000);
  });

  test(`${name}: reports an image already stored, and leaves it unchanged`, async (t) => {
    const store = await open(t);
    await store.put(idOf(bytes), bytes);
    const first = await store.read(idOf(bytes));
    assert.deepEqual(await store.put(idOf(bytes), bytes), { created: false });
    assert.deepEqual(await store.read(idOf(bytes)), first);
  });

  test(`${name}: checks whether an image exists`, async (t) => {
    const store = await open(t);
    await assert.rejects(store.check(idOf(bytes)), { code: 'not_found' });
    await store.put(idOf(bytes), bytes);
    await store.check(idOf(bytes));
  });

  test(`${name}: stores an image once under concurrent puts`, async (t) => {
    const store = await open(t);
    const results = await Promise.all(Array.from({ length: 8 }, () => store.put(idOf(bytes), bytes)));
    assert.equal(results.filter(({ created }) => created).length, 1);
    assert.deepEqual((await store.read(idOf(bytes))).bytes, bytes);
  });

  test(`${name}: reads a range, clipped to the end of the image`, async (t) => {
    const store = await open(t);
    await store.put(idOf(bytes), bytes);
    const image = await store.open(idOf(bytes));
    closeWith(t, () => image.close());
    assert.equal(image.size, bytes.length);
    const ranges = [
      { offset: 4, length: 5 },
      { offset: 4 },
      { length: 3 },
      { offset: bytes.length - 2, length: 100 },
      { offset: 0, length: 0 },
      { offset: bytes.length },
      { offset: bytes.length + 100, length: 5 },
    ];
    for (const range of ranges) {
      const { offset = 0, length = bytes.length } = range;
      const part = await image.read(range);
      assert.equal(part.toString(), bytes.subarray(offset, offset + length).toString(), JSON.stringify(range));
    }
  });

  test(`${name}: answers not_found for an image never stored`, async (t) => {
    const store = await open(t);
    const notFound = { code: 'not_found', message: `No image ${absent}` };
    await assert.rejects(store.read(absent), notFound);
    await assert.rejects(store.open(absent), notFound);
    await assert.rejects(store.check(absent), notFound);
    await assert.rejects(store.delete(absent), notFound);
  });

  test(`${name}: deletes an image once, and stores it again`, async (t) => {
    const store = await open(t);
    await store.put(idOf(bytes), bytes);
    await store.delete(idOf(bytes));
    await assert.rejects(store.read(idOf(bytes)), { code: 'not_found' });
    await assert.rejects(store.delete(idOf(bytes)), { code: 'not_found' });
    assert.deepEqual(await store.list({ limit: 10 }), { images: [] });
    assert.deepEqual(await store.put(idOf(bytes), bytes), { created: true });
  });

  const texts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => Buffer.from(text));
  const newest = async (store: Store, limit: number, cursor?: string) => {
    const page = await store.list({ limit, order: 'newest', ...(cursor === undefined ? {} : { cursor }) });
    return { ids: page.images.map(({ imageId }) => imageId), ...page };
  };

  test(`${name}: lists the newest images first, page by page`, async (t) => {
    const store = await open(t);
    assert.deepEqual((await newest(store, 10)).ids, []);
    for (const image of texts) await store.put(idOf(image), image);
    // A repeated put is not a new image.
    await store.put(idOf(texts[2] as Buffer), texts[2] as Buffer);
    const listed: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await newest(store, 3, cursor);
      for (const { imageId, size, createdAt } of page.images) {
        const image = await store.read(imageId);
        assert.deepEqual([size, createdAt], [image.bytes.length, image.createdAt]);
      }
      listed.push(...page.ids);
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== undefined);
    assert.equal(pages, 3);
    assert.deepEqual(listed, texts.map(idOf).reverse());
    assert.equal((await newest(store, 7)).nextCursor, undefined);
  });

  test(`${name}: a deleted image disappears from the newest, and is new when stored again`, async (t) => {
    const store = await open(t);
    for (const image of texts) await store.put(idOf(image), image);
    const ids = texts.map(idOf).reverse();
    const { nextCursor } = await newest(store, 2);
    // The last of this page and the first of the next.
    await store.delete(ids[1] as string);
    await store.delete(ids[2] as string);
    assert.deepEqual((await newest(store, 10, nextCursor)).ids, ids.slice(3));
    assert.deepEqual((await newest(store, 10)).ids, [ids[0], ...ids.slice(3)]);
    // Some file systems have a timestamp granularity of 4 ms.
    await setTimeout(5);
    await store.put(ids[2] as string, texts.at(-3) as Buffer);
    assert.deepEqual((await newest(store, 10)).ids, [ids[2], ids[0], ...ids.slice(3)]);
    assert.deepEqual((await newest(store, 10, nextCursor)).ids, ids.slice(3));
  });

  test(`${name}: rejects a cursor of the other order`, async (t) => {
    const store = await open(t);
    for (const image of texts) await store.put(idOf(image), image);
    const refused = (order: string) => ({
      code: 'invalid_request',
      parameter: 'cursor',
      message: new RegExp(`^Expected next_cursor of a page with order=${order} for cursor but received "`),
    });
    const byId = (await store.list({ limit: 2 })).nextCursor as string;
    const byTime = (await newest(store, 2)).nextCursor as string;
    await assert.rejects(store.list({ limit: 2, cursor: byTime }), refused('id'));
    await assert.rejects(newest(store, 2, byId), refused('newest'));
  });

  test(`${name}: lists all images by id, page by page`, async (t) => {
    const store = await open(t);
    const all = Array.from({ length: 7 }, (_, i) => Buffer.from('x'.repeat(i)));
    for (const image of all) await store.put(idOf(image), image);

    const listed: { imageId: string; size: number }[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await store.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      for (const { imageId, size, createdAt } of page.images) {
        assert.ok(createdAt instanceof Date);
        listed.push({ imageId, size });
      }
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== undefined);

    assert.equal(pages, 3);
    const expected = all.map((image) => ({ imageId: idOf(image), size: image.length }));
    assert.deepEqual(
      listed,
      expected.sort((a, b) => (a.imageId < b.imageId ? -1 : 1)),
    );
  });

  test(`${name}: returns no cursor if a page ends with the last image`, async (t) => {
    const store = await open(t);
    await store.put(idOf(bytes), bytes);
    assert.equal((await store.list({ limit: 1 })).nextCursor, undefined);
  });

  test(`${name}: continues after a cursor whose image was deleted`, async (t) => {
    const store = await open(t);
    const all = ['a', 'b', 'c'].map((text) => Buffer.from(text)).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    for (const image of all) await store.put(idOf(image), image);
    const { images, nextCursor } = await store.list({ limit: 1 });
    await store.delete(images[0]?.imageId as string);
    const rest = await store.list({ limit: 10, cursor: nextCursor as string });
    assert.deepEqual(
      rest.images.map(({ imageId }) => imageId),
      all.slice(1).map(idOf),
    );
  });

  for (const cursor of ['x', '../..', 'A'.repeat(42), `${'A'.repeat(42)}B`, idOf(bytes)]) {
    test(`${name}: rejects the cursor ${cursor}`, async (t) => {
      const store = await open(t);
      await assert.rejects(store.list({ limit: 1, cursor }), { code: 'invalid_request', parameter: 'cursor' });
      await assert.rejects(newest(store, 1, cursor), { code: 'invalid_request', parameter: 'cursor' });
    });
  }
}
