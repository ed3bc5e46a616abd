import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { createDeletionPoll, type Deletions } from '../../src/gateway/nodes/deletion-poll.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const ids = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

/** A poll of a store whose cursors are list positions; records what it makes the node invalidate. */
async function open(
  t: TestContext,
  options: { folder?: string; store?: string; pollMs?: number; boundMs?: number } = {},
) {
  const folder = options.folder ?? (await temporaryFolder(t, 'poll'));
  const tombstones: string[] = [];
  const invalidated: string[] = [];
  const polledCursors: string[] = [];
  const events = new EventEmitter();
  let isAway = false;
  const poll = createDeletionPoll({
    async fetchDeletions(cursor): Promise<Deletions> {
      polledCursors.push(cursor);
      events.emit('polled');
      if (isAway) throw new Error('away');
      const deleted = tombstones.slice(Number(cursor || 0));
      return { deleted, deletions_cursor: String(tombstones.length) };
    },
    async invalidate(imageId) {
      invalidated.push(imageId);
      events.emit('invalidated');
    },
    async invalidateAll() {
      invalidated.push('all');
    },
    folder,
    store: 'here',
    log: pino({ level: 'silent' }),
    pollMs: 20,
    boundMs: 200,
    ...options,
  });
  closeWith(t, () => poll.close());
  return {
    poll,
    folder,
    tombstones,
    invalidated,
    polledCursors,
    events,
    setAway(away: boolean) {
      isAway = away;
    },
  };
}

test('uses the caches once the list has been read, then invalidates each deleted image', async (t) => {
  const { poll, tombstones, invalidated, events } = await open(t);
  tombstones.push(ids[0]);
  assert.equal(poll.isFresh(), false);
  await poll.start();
  assert.deepEqual(invalidated, ['all']);
  assert.equal(poll.isFresh(), true);
  tombstones.push(ids[1]);
  await once(events, 'invalidated');
  tombstones.push(ids[2]);
  await once(events, 'invalidated');
  assert.deepEqual(invalidated, ['all', ids[1], ids[2]]);
});

test('stops using the caches when the list could not be read within the bound, until it is read again', async (t) => {
  const { poll, tombstones, invalidated, events, setAway } = await open(t);
  await poll.start();
  setAway(true);
  while (poll.isFresh()) await delay(5);
  tombstones.push(ids[0]);
  setAway(false);
  await once(events, 'invalidated');
  while (!poll.isFresh()) await delay(5);
  assert.deepEqual(invalidated, ['all', ids[0]]);
});

test('polls at once on request', async (t) => {
  const { poll, events } = await open(t, { pollMs: 3_600_000 });
  await poll.start();
  const polled = once(events, 'polled');
  poll.pollNow();
  await polled;
});

test('a node that was away learns what was deleted since, or clears its caches if its cursor is unusable', async (t) => {
  const first = await open(t);
  first.tombstones.push(ids[0]);
  await first.poll.start();
  await first.poll.close();
  const { folder } = first;
  const again = async (store: string) => {
    const { poll, tombstones, invalidated, polledCursors } = await open(t, { folder, store, pollMs: 3_600_000 });
    tombstones.push(...ids);
    await poll.start();
    return { invalidated, cursor: polledCursors[0] };
  };
  assert.deepEqual(await again('here'), { invalidated: [ids[1], ids[2]], cursor: '1' });
  assert.deepEqual(await again('elsewhere'), { invalidated: ['all'], cursor: '' });

  const file = join(folder, 'deletions');
  const saved = JSON.parse(await readFile(file, 'utf8'));
  const daysAgo = (days: number) => Date.now() - days * 24 * 3_600_000;
  await writeFile(file, JSON.stringify({ ...saved, store: 'here', cursor: '2', heardAt: daysAgo(28) }));
  assert.deepEqual(await again('here'), { invalidated: [ids[2]], cursor: '2' });
  for (const unusable of [JSON.stringify({ ...saved, store: 'here', heardAt: daysAgo(30) }), '{"cursor":1', '']) {
    await writeFile(file, unusable);
    assert.deepEqual(await again('here'), { invalidated: ['all'], cursor: '' });
  }
});

test('an unreachable store does not delay the start, and the caches stay unused until it is back', async (t) => {
  const { poll, invalidated, setAway } = await open(t);
  setAway(true);
  await poll.start();
  assert.equal(poll.isFresh(), false);
  assert.deepEqual(invalidated, []);
  setAway(false);
  while (!poll.isFresh()) await delay(5);
  assert.deepEqual(invalidated, ['all']);
});
