import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../src/worker/store/lock.ts';
import { temporaryFolder } from '../helpers/owner.ts';

test('only one process at a time holds a lock', async (t) => {
  const path = join(await temporaryFolder(t, 'lock'), 'lock');
  let inner: boolean | undefined;
  const outer = await withLock(path, async () => {
    inner = await withLock(path, async () => {});
  });
  assert.deepEqual([outer, inner], [true, false]);
  assert.equal(await withLock(path, async () => {}), true);
});

for (const [when, ms] of [
  ['exited', -60_000],
  ['exited before the clock was set back', 3_600_000],
] as const) {
  test(`a lock whose owner ${when} is free`, async (t) => {
    const path = join(await temporaryFolder(t, 'lock'), 'lock');
    await writeFile(path, '');
    const touchedAt = new Date(Date.now() + ms);
    await utimes(path, touchedAt, touchedAt);
    assert.equal(await withLock(path, async () => {}), true);
  });
}
