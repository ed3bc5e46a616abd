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

/** Image folders of one process, with a record of when syncs begin and end. */
function recordSyncs(root: string) {
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

test('creates the folders of an image', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders } = recordSyncs(root);
  assert.deepEqual(await Promise.all([folders.create(id), folders.create(sibling)]), [true, true]);
  assert.equal(await folders.create(id), false);
  assert.deepEqual((await readdir(join(root, 'ab'))).sort(), ['cd', 'ce']);
});

test('syncs each folder with new entries once per process', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  for (const { folders, begun } of [recordSyncs(root), recordSyncs(root)]) {
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

test('syncs invalidated folders again', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, begun } = recordSyncs(root);
  await folders.create(id);
  await folders.syncParents(id);
  await rm(join(root, 'ab'), { recursive: true });
  folders.invalidate(id);
  await folders.create(id);
  await folders.syncParents(id);
  assert.deepEqual(begun().sort(), ['ab', 'ab', 'root', 'root']);
});

test('a sync covers all requests made before it began, but no later ones', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, log } = recordSyncs(root);
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

test('a failed sync fails for all its callers, marks nothing as synced, and is retried', async (t) => {
  const root = await temporaryFolder(t, 'folders');
  const { folders, begun } = recordSyncs(root);
  const failed = await Promise.allSettled([folders.syncParents(id), folders.syncParents(id), folders.sync(id)]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  await folders.create(id);
  await folders.syncParents(id);
  assert.equal(begun().filter((name) => name === 'ab').length, 2);
});
