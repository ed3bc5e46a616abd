import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { syncFolder } from '../../src/worker/store/durable.ts';
import { createImageFolders } from '../../src/worker/store/image-folders.ts';
import { createImageRoot } from '../../src/worker/store/image-root.ts';
import { temporaryFolder } from '../helpers/owner.ts';

const id = `abcd${'0'.repeat(60)}`;
const sibling = `abce${'0'.repeat(60)}`;

/** Folders of a process that writes down which syncs begin and end. */
function recorded(root: string) {
  const log: string[] = [];
  const nameOf = (path: string) => (path === root ? 'root' : basename(path));
  const folders = createImageFolders(createImageRoot(root), async (path) => {
    log.push(`${nameOf(path)} begins`);
    await syncFolder(path);
    log.push(`${nameOf(path)} ends`);
  });
  const begun = () => log.filter((line) => line.endsWith('begins')).map((line) => line.split(' ', 1)[0]);
  return { folders, log, begun };
}

test('makes the folders of an image', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders } = recorded(root);
  assert.deepEqual(await Promise.all([folders.create(id), folders.create(sibling)]), [true, true]);
  assert.equal(await folders.create(id), false);
  assert.deepEqual((await readdir(join(root, 'ab'))).sort(), ['cd', 'ce']);
});

test('syncs each folder with new names once, in each process', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  for (const { folders, begun } of [recorded(root), recorded(root)]) {
    await folders.create(id);
    await folders.syncParents(id);
    assert.deepEqual(begun().sort(), ['ab', 'root']);
    await folders.create(sibling);
    await folders.syncParents(sibling);
    assert.deepEqual(begun().sort(), ['ab', 'ab', 'root']);
    await Promise.all([folders.syncParents(id), folders.syncParents(sibling)]);
    assert.equal(begun().length, 3);
  }
});

test('settles again what was forgotten', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, begun } = recorded(root);
  await folders.create(id);
  await folders.syncParents(id);
  await rm(join(root, 'ab'), { recursive: true });
  folders.invalidate(id);
  await folders.create(id);
  await folders.syncParents(id);
  assert.deepEqual(begun().sort(), ['ab', 'ab', 'root', 'root']);
});

test('a sync serves all who asked before it began, and no one who asked later', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, log } = recorded(root);
  await folders.create(id);
  const early = [folders.sync(id), folders.sync(id), folders.sync(id)];
  await new Promise<void>((resolve) => {
    queueMicrotask(function check() {
      if (log.length > 0) resolve();
      else queueMicrotask(check);
    });
  });
  const late = [folders.sync(id), folders.sync(id)];
  await Promise.all(early);
  await Promise.all(late);
  assert.deepEqual(log, ['cd begins', 'cd ends', 'cd begins', 'cd ends']);
});

test('a sync that fails fails for all who wait for it, settles nothing, and is tried again', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, begun } = recorded(root);
  const failed = await Promise.allSettled([folders.syncParents(id), folders.syncParents(id), folders.sync(id)]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  await folders.create(id);
  await folders.syncParents(id);
  assert.equal(begun().filter((name) => name === 'ab').length, 2);
});
