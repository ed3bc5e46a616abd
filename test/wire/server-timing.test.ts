import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

function timesOf({ headers }: Response): { queue: number; work: number; app: number } {
  const entries = String(headers.get('server-timing'))
    .split(', ')
    .map((part) => part.split(';dur='))
    .map(([name, ms]) => [name, Number(ms)]);
  return Object.fromEntries(entries);
}

test('Server-Timing tells waiting from working', async (t) => {
  const { http } = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { queue, work } = timesOf(await fetch(`${http}/health`));
  assert.deepEqual([queue, work], [0, 0]);

  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'image/jpeg' },
    body: new Uint8Array(await photo(1200, 900)),
  };
  const times = timesOf(await fetch(`${http}/resize?format=webp`, init));
  assert.ok(times.work > 1, JSON.stringify(times));
  assert.ok(times.queue + times.work <= times.app, JSON.stringify(times));
});
