import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import { createByteBudget } from '../../src/gateway/limits/byte-budget.ts';
import { createSendQueue, type SendQueueOptions, UndeliveredError } from '../../src/gateway/zmq/send-queue.ts';

interface FakePeer {
  name: string;
  isFull: boolean;
  hasGone?: boolean;
  got: string[];
}

const peer = (name: string, isFull = false): FakePeer => ({ name, isFull, got: [] });
const fail = (code: string) => Object.assign(new Error(code), { code });

function queueOf(options: Partial<SendQueueOptions<FakePeer>> = {}) {
  const budget = createByteBudget(1_000_000);
  const stalled: string[] = [];
  const queue = createSendQueue<FakePeer>({
    async transmit(to, frames) {
      if (to.hasGone) throw fail('EHOSTUNREACH');
      if (to.isFull) throw fail('EAGAIN');
      to.got.push(frames.map(({ length }) => length).join());
    },
    budget,
    maxBytes: 100_000,
    stallTimeoutMs: () => 60_000,
    onStalled: (to) => stalled.push(to.name),
    ...options,
  });
  return { queue, budget, stalled };
}

test('queues messages for a slow peer in order, without delaying others', async () => {
  const { queue, budget, stalled } = queueOf();
  const slow = peer('slow', true);
  const quick = peer('quick');
  const sent = [10_000, 20_000].map((bytes) => queue.send(slow, [Buffer.alloc(bytes)]));
  await queue.send(quick, [Buffer.alloc(5)]);
  assert.deepEqual(quick.got, ['5']);
  assert.deepEqual([queue.queuedBytes(slow), budget.used], [30_000, 30_000]);
  slow.isFull = false;
  await Promise.all([...sent, queue.idle()]);
  assert.deepEqual([slow.got, queue.queuedBytes(slow), budget.used, stalled], [['10000', '20000'], 0, 0, []]);
});

test("drops a peer's queue over the bound in bytes, once", async () => {
  const { queue, budget, stalled } = queueOf();
  const slow = peer('slow', true);
  const sent = [60_000, 60_000].map((bytes) => queue.send(slow, [Buffer.alloc(bytes)]));
  for (const one of sent) await assert.rejects(one, UndeliveredError);
  assert.deepEqual([queue.queuedBytes(slow), budget.used, stalled], [0, 0, ['slow']]);
  await assert.rejects(queue.send(slow, [Buffer.alloc(5)]), UndeliveredError);
  assert.deepEqual([queue.queuedBytes(slow), queue.isStalled(slow)], [0, true]);
});

test('drops the queue of a peer that accepts nothing in time', async () => {
  const queuedBytes: number[] = [];
  const { queue, stalled } = queueOf({
    stallTimeoutMs(bytes) {
      queuedBytes.push(bytes);
      return 0;
    },
  });
  await assert.rejects(queue.send(peer('slow', true), [Buffer.alloc(5000), Buffer.alloc(7)]), UndeliveredError);
  assert.deepEqual([stalled, queuedBytes], [['slow'], [5007]]);
});

test('fails queued messages to a peer that disconnects, and releases their bytes', async () => {
  const { queue, budget } = queueOf();
  const first = peer('first', true);
  const second = peer('second', true);
  const sent = [first, second].map((to) => queue.send(to, [Buffer.alloc(10_000)]));
  const failed = Promise.all(sent.map((one) => assert.rejects(one)));
  await queue.send(peer('quick'), []);
  assert.equal(budget.used, 20_000);
  queue.drop(first, 'gone');
  second.hasGone = true;
  await failed;
  assert.equal(budget.used, 0);
});

test('queues an error even if the budget has no room for the reply', async () => {
  const { queue } = queueOf({ budget: createByteBudget(1) });
  const slow = peer('slow', true);
  await assert.rejects(queue.send(slow, [Buffer.alloc(10_000)]), RequestError);
  const sent = queue.send(slow, [Buffer.alloc(200)]);
  slow.isFull = false;
  await sent;
  assert.deepEqual(slow.got, ['200']);
});
