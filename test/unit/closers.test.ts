import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClosers } from '../../src/closers.ts';

test('closes everything, last first, even if some closers fail, then throws the first error', async () => {
  const closers = createClosers();
  const closed: string[] = [];
  const fail = (name: string) => {
    closed.push(name);
    throw new Error(name);
  };
  closers.push(() => closed.push('sockets'));
  closers.push(() => fail('workers'));
  closers.push(async () => fail('door'));
  await assert.rejects(closers.closeAll(), { message: 'door' });
  assert.deepEqual(closed, ['door', 'workers', 'sockets']);
  await closers.closeAll();
  assert.equal(closed.length, 3);
});
