import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createDispatcher } from '../../src/gateway/dispatch/dispatcher.ts';
import { Timings } from '../../src/gateway/service/timings.ts';

test('records how long a job waited and how long its worker took', async () => {
  const dispatcher = createDispatcher({ queueLimit: 10, timeoutMs: 10_000, log: pino({ level: 'silent' }) });
  const replies: (() => void)[] = [];
  const exchange = (frames: Buffer[]) => new Promise<Buffer[]>((resolve) => replies.push(() => resolve(frames)));
  dispatcher.attach({
    name: 'one lane',
    lanes: [{ weight: 'light', exchange, close: () => {} }],
    ended: new Promise(() => {}),
    kill: () => {},
  });
  const ask = (timings: Timings) =>
    dispatcher.dispatch({
      frames: [Buffer.from('{}')],
      weight: 'light',
      door: 'http',
      requestId: 'r',
      subject: undefined,
      signal: new AbortController().signal,
      deadline: performance.now() + 10_000,
      timings,
    });

  const [first, second] = [new Timings(), new Timings()];
  const begun = performance.now();
  const one = ask(first);
  const two = ask(second);
  const both = performance.now();
  replies[0]?.();
  await one;
  const half = performance.now();
  replies[1]?.();
  await two;
  const most = performance.now() - begun;
  assert.ok(second.total('queue') > 0 && second.total('queue') <= half - begun, JSON.stringify(second));
  assert.ok(first.total('queue') <= both - begun && first.total('lane') > 0, JSON.stringify(first));
  assert.ok(second.total('queue') + second.total('lane') <= most, JSON.stringify(second));
});
