import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';

test('closes the last opened first, and the rest even if one fails', async () => {
  const hooks: (() => unknown)[] = [];
  const owner = { after: (close: () => unknown) => hooks.push(close) };
  const closed: string[] = [];
  const failing = (name: string) => () => {
    closed.push(name);
    throw new Error(name);
  };
  closeWith(owner, async () => closed.push('folder'));
  closeWith(owner, failing('first service'));
  closeWith(owner, async () => failing('second service')());
  closeWith(owner, () => closed.push('client'));
  assert.equal(hooks.length, 1);
  await assert.rejects(async () => hooks[0]?.(), { message: 'second service' });
  assert.deepEqual(closed, ['client', 'second service', 'first service', 'folder']);
});
