import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

interface Timing {
  dur: number;
  desc?: string;
}

function timesOf({ headers }: Response): Record<'queue' | 'work' | 'cache' | 'app', Timing> {
  const entries = String(headers.get('server-timing'))
    .split(', ')
    .map((entry) => {
      const [name, ...fields] = entry.split(';');
      const { dur, desc } = Object.fromEntries(fields.map((field) => field.split('=')));
      return [name, { dur: Number(dur), ...(desc && { desc }) }];
    });
  return Object.fromEntries(entries);
}

test('Server-Timing separates waiting from working', async (t) => {
  const { http } = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { queue, work } = timesOf(await fetch(`${http}/health`));
  assert.deepEqual([queue.dur, work.dur], [0, 0]);

  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(await photo(1200, 900)),
  };
  const times = timesOf(await fetch(`${http}/resize?format=webp`, init));
  assert.ok(times.work.dur > 1, JSON.stringify(times));
  assert.ok(times.queue.dur + times.work.dur <= times.app.dur, JSON.stringify(times));
  assert.equal(times.cache.desc, 'miss');

  const { image_id } = (await (await fetch(`${http}/images`, init)).json()) as { image_id: string };
  const made = timesOf(await fetch(`${http}/images/${image_id}?format=webp`));
  assert.ok(made.work.dur > 1, JSON.stringify(made));
  assert.equal(made.cache.desc, 'miss');
  const again = timesOf(await fetch(`${http}/images/${image_id}?format=webp`));
  assert.deepEqual([again.work.dur, again.cache.desc], [0, 'hit']);
});
