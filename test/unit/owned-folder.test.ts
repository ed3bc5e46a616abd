import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Ownership, openOwnedFolder } from '../../src/owned-folder.ts';
import { temporaryFolder } from '../helpers/owner.ts';

const ownership: Ownership = { isOurs: (name: string) => name.endsWith('.result') };

/** Opens a folder some turns of the event loop later, so that several get to different steps. */
async function openLater(folder: string, options: Ownership, turns: number): Promise<string> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  return openOwnedFolder(folder, options);
}

for (const marker of ['inside', 'outside'] as const) {
  test(`concurrent opens of an empty folder all use it, with the marker ${marker}`, async (t) => {
    const scratch = await temporaryFolder(t, 'owned');
    for (let round = 0; round < 50; round += 1) {
      const folder = join(scratch, String(round));
      await mkdir(folder);
      const options = marker === 'inside' ? ownership : { ...ownership, marker: join(scratch, `.marker-${round}`) };
      const opened = await Promise.all(Array.from({ length: 8 }, (_, index) => openLater(folder, options, index)));
      assert.deepEqual([...new Set(opened)], [folder]);
      assert.deepEqual(await readdir(folder), marker === 'inside' ? ['.imgwire'] : []);
    }
  });
}
