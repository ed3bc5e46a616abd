import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { enforceMemoryLimit } from '../../src/gateway/workers/memory-limit.ts';
import { closeWith } from '../helpers/owner.ts';

const log = pino({ level: 'silent' });
const limitBytes = 100;

/** A slot whose worker ages with the mock clock; `ends` completes the latest replacement. */
function createSlot(memory: number) {
  const worker = (name: string) => ({ name, memoryBytes: memory, age: 0 });
  const slot = {
    worker: worker('worker-0'),
    replacements: 0,
    ends: () => {},
    replace: () =>
      new Promise<void>((resolve) => {
        slot.replacements += 1;
        slot.ends = () => {
          slot.worker = worker(`worker-${slot.replacements}`);
          resolve();
        };
      }),
  };
  return slot;
}

type Slot = ReturnType<typeof createSlot>;

function enforce(t: TestContext, ...slots: Slot[]) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  closeWith(t, enforceMemoryLimit({ slots, limitBytes, log }));
  return async (seconds: number) => {
    for (let half = 0; half < 2 * seconds; half += 1) {
      for (const { worker } of slots) worker.age += 500;
      t.mock.timers.tick(500);
      await new Promise(setImmediate);
    }
  };
}

test('replaces a worker that stays over its limit, not one that exceeds it briefly', async (t) => {
  const slot = createSlot(50);
  const pass = enforce(t, slot);
  await pass(60);
  slot.worker.memoryBytes = 150;
  await pass(2);
  slot.worker.memoryBytes = 100;
  await pass(10);
  assert.equal(slot.replacements, 0);
  slot.worker.memoryBytes = 150;
  await pass(2);
  assert.equal(slot.replacements, 0);
  await pass(1);
  assert.equal(slot.replacements, 1);
});

test('replaces one worker at a time', async (t) => {
  const [one, two] = [createSlot(150), createSlot(150)];
  const pass = enforce(t, one, two);
  await pass(10);
  assert.deepEqual([one.replacements, two.replacements], [1, 0]);
  one.ends();
  await pass(1);
  assert.deepEqual([one.replacements, two.replacements], [1, 1]);
});

test('backs off if replacements exceed the limit soon after their start', async (t) => {
  const slot = createSlot(150);
  const pass = enforce(t, slot);
  const seconds: number[] = [];
  for (let second = 1; seconds.length < 6; second += 1) {
    const before = slot.replacements;
    await pass(1);
    if (slot.replacements === before) continue;
    seconds.push(second);
    slot.ends();
  }
  const lives = seconds.slice(1).map((second, index) => second - (seconds[index] as number));
  assert.deepEqual(lives.slice(2), [8, 16, 32]);
});

test('replaces at once again after a long time within the limit', async (t) => {
  const slot = createSlot(150);
  const pass = enforce(t, slot);
  for (let times = 0; times < 4; times += 1) {
    await pass(20);
    slot.ends();
  }
  const replaceAfter = async (secondsBelow: number) => {
    slot.worker.memoryBytes = 50;
    await pass(secondsBelow);
    slot.worker.memoryBytes = 150;
    const before = slot.replacements;
    await pass(3);
    slot.ends();
    return slot.replacements - before;
  };
  assert.equal(await replaceAfter(60), 1);
  assert.equal(await replaceAfter(1), 1);
});
