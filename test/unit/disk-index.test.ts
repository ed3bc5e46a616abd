import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CacheFile } from '../../src/gateway/cache/disk-files.ts';
import { createDiskIndex } from '../../src/gateway/cache/disk-index.ts';

const block = 4096;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

function file(number: number, imageId = hash(`image ${number}`), watermarkId?: string): CacheFile {
  return { imageId, digest: hash(String(number)).slice(0, 32), bytes: number, watermarkId };
}

const numbersOf = (files: Iterable<CacheFile>) => [...files].map(({ bytes }) => bytes).sort((a, b) => a - b);

/** A simple reference model: a list of files, least recently used first. */
function createModel(maxBytes: number) {
  let files: CacheFile[] = [];
  const takeWhere = (test: (one: CacheFile) => boolean) => {
    const taken = files.filter(test);
    files = files.filter((one) => !test(one));
    return taken;
  };
  return {
    files: () => files,
    touch(digest: string) {
      const used = takeWhere((one) => one.digest === digest);
      files.push(...used);
    },
    add: (one: CacheFile) => files.push(one),
    delete: (digest: string) => takeWhere((one) => one.digest === digest),
    removeDependents: (id: string) => takeWhere((one) => one.imageId === id || one.watermarkId === id),
    evictExcess: () => files.splice(0, Math.max(0, files.length - maxBytes / block)),
  };
}

test('behaves like a plain list over thousands of random operations', () => {
  const maxBytes = 200 * block;
  const index = createDiskIndex(maxBytes);
  const model = createModel(maxBytes);
  const images = Array.from({ length: 12 }, (_, number) => hash(`image ${number}`));
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let step = 0; step < 20_000; step += 1) {
    const number = 1 + random(400);
    const { digest } = file(number);
    const image = images[random(images.length)] as string;
    const watermark = random(3) === 0 ? images[random(images.length)] : undefined;
    const action = random(100);
    if (action < 60 && !index.has(digest)) {
      index.add(file(number, image, watermark));
      model.add(file(number, image, watermark));
    } else if (action < 85) {
      const used = index.touch(digest);
      assert.deepEqual(
        used,
        model.files().find((one) => one.digest === digest),
      );
      model.touch(digest);
    } else if (action < 98) {
      index.delete(digest);
      model.delete(digest);
    } else {
      assert.deepEqual(numbersOf(index.removeDependents(image).files), numbersOf(model.removeDependents(image)));
    }
    assert.deepEqual(index.evictExcess(1000), model.evictExcess());
    assert.deepEqual(index.stats(), { entries: model.files().length, bytes: model.files().length * block });
    if (step % 500 === 0)
      assert.deepEqual(
        [...index.digests()],
        model.files().map((one) => one.digest),
      );
  }
});

test('handles entries in more than one segment', () => {
  const index = createDiskIndex(2 ** 30);
  const count = 40_000;
  for (let number = 0; number < count; number += 1) index.add(file(number));
  for (const number of [0, 16_383, 16_384, 16_385, 32_768, count - 1]) {
    assert.deepEqual(index.get(file(number).digest), file(number));
    assert.deepEqual([...index.removeDependents(file(number).imageId).files], [file(number)]);
  }
  assert.equal(index.stats().entries, count - 6);
});

test('restores the saved order for entries not used since', () => {
  const index = createDiskIndex(2 ** 30);
  for (const number of [1, 2, 3, 4, 5]) index.restore(file(number));
  index.touch(file(4).digest);
  index.add(file(6));
  // Most recently used first; 2 was not saved.
  for (const number of [4, 1, 5, 9, 3, 1]) index.placeOldest(file(number).digest);
  index.placeOldest('no digest');
  assert.deepEqual(
    [...index.digests()],
    [3, 5, 1, 2, 4, 6].map((number) => file(number).digest),
  );
});

test('iterates in order while entries are used, added and deleted', () => {
  const index = createDiskIndex(2 ** 30);
  for (const number of [1, 2, 3, 4, 5, 6]) index.add(file(number));
  const digests = index.digests();
  const seen = [digests.next().value];
  index.touch(file(2).digest);
  index.touch(file(6).digest);
  index.delete(file(3).digest);
  index.add(file(7));
  seen.push(...digests);
  assert.deepEqual(
    seen,
    [1, 4, 5, 2, 6].map((number) => file(number).digest),
  );
});
