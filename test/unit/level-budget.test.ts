import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLevelBudget } from '../../src/worker/levels/level-budget.ts';

test('a reservation never waits, and one trim at a time frees space for all', async () => {
  let finish = () => {};
  let trims = 0;
  const budget = createLevelBudget({
    maxBytes: 8000,
    processes: 2,
    async trim(bytes) {
      assert.equal(bytes, 6000);
      trims += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  assert.equal(budget.maxReservation, 1000);
  assert.deepEqual([budget.reserve(100), budget.reserve(100), trims], [false, false, 1]);
  finish();
  await nextTurn();
  assert.deepEqual([budget.reserve(400), trims], [true, 1]);
  assert.deepEqual([budget.reserve(400), trims], [true, 2]);
  assert.deepEqual([budget.reserve(300), trims], [false, 2]);
  budget.settle(400, 0);
  assert.deepEqual([budget.reserve(300), trims], [true, 2]);
});

test('files stay within the limit, whatever is reserved, returned or larger than expected', async () => {
  const [maxBytes, processes] = [100_000, 3];
  const files: number[] = [];
  const total = () => files.reduce((sum, bytes) => sum + bytes, 0);
  const trim = async (bytes: number) => {
    await nextTurn();
    while (total() > bytes) files.shift();
    await nextTurn();
  };
  const budgets = Array.from({ length: processes }, () => createLevelBudget({ maxBytes, processes, trim }));
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  let taken = 0;
  for (let time = 0; time < 20_000; time += 1) {
    const budget = budgets[random(processes)] as (typeof budgets)[number];
    const bytes = 1 + random(budget.maxReservation);
    if (budget.reserve(bytes)) {
      taken += 1;
      void (async () => {
        for (let turns = random(5); turns > 0; turns -= 1) await nextTurn();
        const added = random(3) === 0 ? 0 : bytes;
        if (added > 0) files.push(added);
        budget.settle(bytes, added);
      })();
    }
    if (random(3) === 0) await nextTurn();
    assert.ok(total() <= maxBytes, `${total()} bytes`);
  }
  assert.ok(taken > 2000, `${taken} taken`);
});
