import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createDispatcher, type Dispatcher } from '../../src/gateway/dispatch/dispatcher.ts';
import type { Job, Subject } from '../../src/gateway/dispatch/job.ts';
import { createLane } from '../../src/gateway/dispatch/lane.ts';
import type { Death, LaneHost } from '../../src/gateway/dispatch/pool.ts';
import type { Quarantine } from '../../src/gateway/dispatch/quarantine.ts';
import { Timings } from '../../src/gateway/service/timings.ts';
import { closeWith } from '../helpers/owner.ts';
import { bindRepSockets, type Respond } from '../helpers/rep-sockets.ts';

/*
 * dispatch() ──► lane: REQ ──► in-process REP that stands in for a worker
 */

const log = pino({ level: 'silent' });

function createSubject(options: { queueLimit?: number; timeoutMs?: number } = {}): Dispatcher {
  return createDispatcher({ queueLimit: 100, timeoutMs: 10_000, log, ...options });
}

function job(text: string, options: Partial<Job> = {}): Job {
  return {
    frames: [Buffer.from(text)],
    weight: 'heavy',
    door: 'http',
    subject: undefined,
    requestId: text,
    deadline: performance.now() + 10_000,
    signal: new AbortController().signal,
    timings: new Timings(),
    ...options,
  };
}

const of = (image: string | Buffer, work = 'resize?width=1', watermark?: string): Subject => ({
  image,
  work,
  watermark,
});

interface TestHost extends LaneHost {
  received: string[];
  die(death: Death): void;
}

/** Starts a fake worker with one lane of each weight. */
async function startHost(t: TestContext, name: string, respond: Respond): Promise<TestHost> {
  const sockets = await bindRepSockets(2, respond);
  const [light, heavy] = sockets.endpoints as [string, string];
  const lanes = [createLane(light, 'light'), createLane(heavy, 'heavy')];
  let end: (death: Death) => void = () => {};
  const ended = new Promise<Death>((resolve) => {
    end = resolve;
  });
  const close = () => {
    for (const lane of lanes) lane.close();
    sockets.close();
  };
  closeWith(t, close);
  const die = (death: Death) => {
    close();
    end(death);
  };
  return { name, lanes, ended, received: sockets.received, die, kill: () => die('killed') };
}

const echo: Respond = (frames) => frames;
const never: Respond = () => new Promise(() => {});

/** Resolves once the host has received this many requests. */
async function receives(host: TestHost, count: number): Promise<void> {
  while (host.received.length < count) await new Promise(setImmediate);
}

test("answers a job with the worker's frames", async (t) => {
  const dispatcher = createSubject();
  dispatcher.attach(await startHost(t, 'a', ([json]) => [Buffer.from(`re: ${json}`), Buffer.from('image')]));
  assert.deepEqual((await dispatcher.dispatch(job('1'))).map(String), ['re: 1', 'image']);
});

test('sends one job at a time on a lane, oldest first', async (t) => {
  const dispatcher = createSubject();
  let inWork = 0;
  const host = await startHost(t, 'a', async (frames) => {
    inWork += 1;
    assert.equal(inWork, 1);
    await new Promise(setImmediate);
    inWork -= 1;
    return frames;
  });
  dispatcher.attach(host);
  await Promise.all(['1', '2', '3', '4'].map((text) => dispatcher.dispatch(job(text))));
  assert.deepEqual(host.received, ['1', '2', '3', '4']);
});

test('does light work while all heavy lanes are busy', async (t) => {
  const dispatcher = createSubject();
  dispatcher.attach(await startHost(t, 'a', (frames) => (String(frames[0]) === 'slow' ? never(frames) : frames)));
  dispatcher.dispatch(job('slow')).catch(() => {});
  assert.deepEqual((await dispatcher.dispatch(job('quick', { weight: 'light' }))).map(String), ['quick']);
  dispatcher.close();
});

test('times a job out by its deadline, and never sends an expired one', async (t) => {
  const dispatcher = createSubject();
  const waited = dispatcher.dispatch(job('late', { deadline: performance.now() + 20 }));
  await assert.rejects(waited, { code: 'timeout' });
  await assert.rejects(dispatcher.dispatch(job('gone', { deadline: performance.now() - 1 })), { code: 'timeout' });
  const host = await startHost(t, 'a', echo);
  dispatcher.attach(host);
  await dispatcher.dispatch(job('next'));
  assert.deepEqual(host.received, ['next']);
});

test('kills a worker that takes too long over a job', async (t) => {
  const dispatcher = createSubject({ timeoutMs: 50 });
  const stuck = await startHost(t, 'stuck', never);
  dispatcher.attach(stuck);
  await assert.rejects(dispatcher.dispatch(job('1', { deadline: performance.now() + 20 })), { code: 'timeout' });
  assert.equal(await stuck.ended, 'killed');
});

test('retries the jobs of a lost worker on another one, transparently to the caller', async (t) => {
  const dispatcher = createSubject();
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  const answers = [dispatcher.dispatch(job('1')), dispatcher.dispatch(job('2', { weight: 'light' }))];
  await receives(first, 2);
  first.die('external');
  dispatcher.attach(await startHost(t, 'second', echo));
  assert.deepEqual((await Promise.all(answers)).flat().map(String), ['1', '2']);
});

test('retries a lost job before the waiting ones', async (t) => {
  const dispatcher = createSubject();
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  const answers = ['1', '2', '3'].map((text) => dispatcher.dispatch(job(text)));
  await receives(first, 1);
  first.die('external');
  const second = await startHost(t, 'second', echo);
  await new Promise(setImmediate);
  dispatcher.attach(second);
  await Promise.all(answers);
  assert.deepEqual(second.received, ['1', '2', '3']);
});

test('answers worker_lost if both workers were killed from outside', async (t) => {
  const dispatcher = createSubject();
  const answer = dispatcher.dispatch(job('1', { subject: of('some id') }));
  answer.catch(() => {});
  for (const name of ['first', 'second']) {
    const host = await startHost(t, name, never);
    dispatcher.attach(host);
    await receives(host, 1);
    host.die('external');
  }
  await assert.rejects(answer, { code: 'worker_lost' });
});

test('rejects work that crashed two workers, at once the next time, and does not blame concurrent jobs', async (t) => {
  const dispatcher = createSubject();
  const poison = Buffer.from('poison');
  const answer = dispatcher.dispatch(job('poisoned', { subject: of(poison) }));
  const innocent = dispatcher.dispatch(job('innocent', { weight: 'light', subject: of(Buffer.from('innocent')) }));
  answer.catch(() => {});
  const respond: Respond = (frames) => (String(frames[0]) === 'poisoned' ? never(frames) : frames);
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  await receives(first, 2);
  first.die('crash');
  const second = await startHost(t, 'second', respond);
  dispatcher.attach(second);
  while (!second.received.includes('poisoned')) await new Promise(setImmediate);
  second.die('crash');
  await assert.rejects(answer, { code: 'unprocessable_image' });
  const third = await startHost(t, 'third', respond);
  dispatcher.attach(third);
  assert.deepEqual((await innocent).map(String), ['innocent']);
  // The same bytes in another request are not even sent; with other parameters they are.
  await assert.rejects(dispatcher.dispatch(job('again', { subject: of(Buffer.from('poison')) })), {
    code: 'unprocessable_image',
  });
  assert.ok(!third.received.includes('again'));
  await dispatcher.dispatch(job('other size', { subject: of(poison, 'resize?width=2') }));
  await dispatcher.dispatch(job('innocent again', { subject: of(Buffer.from('innocent')) }));
});

test('work that times out is answered timeout at once the next time, and quarantines no other work on its image', async (t) => {
  const dispatcher = createSubject({ timeoutMs: 50 });
  const slow = ['1', '2', '3', '4'].map((size) => of('image', `resize?width=${size}`));
  for (const [index, subject] of slow.entries()) {
    const stuck = await startHost(t, `stuck-${index}`, never);
    dispatcher.attach(stuck);
    await assert.rejects(dispatcher.dispatch(job('slow', { subject })), { code: 'timeout' });
    assert.equal(await stuck.ended, 'killed');
  }
  const host = await startHost(t, 'well', echo);
  dispatcher.attach(host);
  await assert.rejects(dispatcher.dispatch(job('slow again', { subject: slow[0] })), { code: 'timeout' });
  await dispatcher.dispatch(job('small', { subject: of('image', 'resize?width=9') }));
  await dispatcher.dispatch(job('info', { weight: 'light', subject: of('image', 'info') }));
  assert.deepEqual(host.received, ['small', 'info']);
});

test('answers every job even if a digest fails', async (t) => {
  const fails = () => Promise.reject(new Error('no digest'));
  const quarantine: Quarantine = {
    check: () => 'clear',
    markSuspect: fails,
    markCrashing: fails,
    markSlow: fails,
    clearSuspect() {},
  };
  const dispatcher = createDispatcher({ queueLimit: 100, timeoutMs: 10_000, log, quarantine });
  const answer = dispatcher.dispatch(job('1', { subject: of(Buffer.from('image')) }));
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  await receives(first, 1);
  first.die('crash');
  dispatcher.attach(await startHost(t, 'second', echo));
  assert.deepEqual((await answer).map(String), ['1']);
});

test('retries a job whose worker crashed without other jobs beside it', async (t) => {
  const dispatcher = createSubject();
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  const suspects = ['a', 'b'].map((text, index) =>
    dispatcher.dispatch(job(text, { weight: index === 0 ? 'light' : 'heavy', subject: of(text) })),
  );
  await receives(first, 2);
  first.die('crash');
  let inWork = 0;
  const second = await startHost(t, 'second', async (frames) => {
    inWork += 1;
    assert.equal(inWork, 1);
    await new Promise(setImmediate);
    inWork -= 1;
    return frames;
  });
  dispatcher.attach(second);
  assert.deepEqual((await Promise.all(suspects)).flat().map(String), ['a', 'b']);
});

test('waiting suspects count towards the queue limit until they settle', async () => {
  const quarantine: Quarantine = {
    check: () => 'suspect',
    markSuspect: async () => {},
    markCrashing: async () => {},
    markSlow: async () => {},
    clearSuspect() {},
  };
  const dispatcher = createDispatcher({ queueLimit: 2, timeoutMs: 10_000, log, quarantine });
  const suspect = (more: Partial<Job> = {}) => dispatcher.dispatch(job('a', { subject: of('a'), ...more }));
  const gone = new AbortController();
  const waiting = [suspect(), suspect({ signal: gone.signal })];
  await assert.rejects(suspect(), { code: 'overloaded' });
  waiting.push(suspect({ door: 'zmq' }), suspect({ weight: 'light' }));
  assert.deepEqual(dispatcher.stats().queued, { light: 1, heavy: 3 });
  gone.abort();
  waiting.push(suspect());
  await assert.rejects(suspect(), { code: 'overloaded' });
  dispatcher.close();
  const outcomes = await Promise.allSettled(waiting);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.deepEqual(dispatcher.stats().queued, { light: 0, heavy: 0 });
});

test('answers overloaded at once over the limit, and reserves places for light work, pings and the other door', async () => {
  const dispatcher = createSubject({ queueLimit: 2 });
  const waiting = [dispatcher.dispatch(job('1'))];
  assert.doesNotThrow(() => dispatcher.checkQueue('http', 'heavy'));
  waiting.push(dispatcher.dispatch(job('2')));
  await assert.rejects(dispatcher.dispatch(job('3')), { code: 'overloaded' });
  assert.throws(() => dispatcher.checkQueue('http', 'heavy'), { code: 'overloaded' });
  assert.doesNotThrow(() => dispatcher.checkQueue('http', 'light'));
  assert.doesNotThrow(() => dispatcher.checkQueue('zmq', 'heavy'));
  waiting.push(dispatcher.dispatch(job('4', { door: 'zmq' })));
  waiting.push(dispatcher.dispatch(job('5', { weight: 'light' })), dispatcher.dispatch(job('6', { weight: 'light' })));
  await assert.rejects(dispatcher.dispatch(job('7', { weight: 'light' })), { code: 'overloaded' });
  for (let ping = 0; ping < 3; ping += 1) {
    waiting.push(dispatcher.dispatch(job('ping', { weight: 'light', door: 'internal' })));
  }
  const settled = Promise.allSettled(waiting);
  dispatcher.close();
  assert.deepEqual(
    (await settled).map((result) => result.status === 'rejected' && result.reason.code),
    Array(8).fill('shutting_down'),
  );
});

test('alternates between the two doors', async (t) => {
  const dispatcher = createSubject();
  const flood = ['h1', 'h2', 'h3', 'h4'].map((text) => dispatcher.dispatch(job(text)));
  const other = ['z1', 'z2'].map((text) => dispatcher.dispatch(job(text, { door: 'zmq' })));
  const host = await startHost(t, 'a', echo);
  dispatcher.attach(host);
  await Promise.all([...flood, ...other]);
  assert.deepEqual(host.received, ['h1', 'z1', 'h2', 'z2', 'h3', 'h4']);
});

test('drops a waiting job whose caller has disconnected', async (t) => {
  const dispatcher = createSubject();
  const caller = new AbortController();
  const dropped = dispatcher.dispatch(job('dropped', { signal: caller.signal }));
  const aborted = once(caller.signal, 'abort');
  caller.abort();
  await Promise.all([aborted, assert.rejects(dropped)]);
  const host = await startHost(t, 'a', echo);
  dispatcher.attach(host);
  await dispatcher.dispatch(job('kept'));
  assert.deepEqual(host.received, ['kept']);
});

test('sends a retired worker no more jobs, and lets it finish its current ones', async (t) => {
  const dispatcher = createSubject();
  let finish: (frames: Buffer[]) => void = () => {};
  const old = await startHost(t, 'old', () => new Promise((resolve) => (finish = resolve)));
  dispatcher.attach(old);
  const first = dispatcher.dispatch(job('1'));
  await receives(old, 1);
  let isRetired = false;
  const retired = dispatcher.retire(old).then(() => {
    isRetired = true;
  });
  const light = dispatcher.dispatch(job('2', { weight: 'light' }));
  const next = await startHost(t, 'next', echo);
  dispatcher.attach(next);
  assert.deepEqual((await light).map(String), ['2']);
  assert.equal(isRetired, false);
  finish([Buffer.from('done')]);
  assert.deepEqual((await first).map(String), ['done']);
  await retired;
  assert.deepEqual([old.received, next.received], [['1'], ['2']]);
});

test('retires a worker that is idle, has exited or exits meanwhile', async (t) => {
  const dispatcher = createSubject();
  const [idle, ended, busy] = [
    await startHost(t, 'idle', echo),
    await startHost(t, 'ended', echo),
    await startHost(t, 'busy', never),
  ];
  dispatcher.attach(idle);
  await dispatcher.retire(idle);
  dispatcher.attach(ended);
  ended.die('external');
  await ended.ended;
  await dispatcher.retire(ended);
  dispatcher.attach(busy);
  const answer = dispatcher.dispatch(job('1'));
  await receives(busy, 1);
  const retired = dispatcher.retire(busy);
  busy.die('external');
  await retired;
  const next = await startHost(t, 'next', echo);
  dispatcher.attach(next);
  assert.deepEqual((await answer).map(String), ['1']);
});

test('moves suspects waiting for a retired worker to another one', async (t) => {
  const dispatcher = createSubject();
  const crashing = await startHost(t, 'crashing', never);
  dispatcher.attach(crashing);
  const answers = [dispatcher.dispatch(job('1')), dispatcher.dispatch(job('2', { weight: 'light' }))];
  await receives(crashing, 2);
  crashing.die('crash');
  let finish = () => {};
  const busy = await startHost(t, 'busy', (frames) => new Promise((resolve) => (finish = () => resolve(frames))));
  dispatcher.attach(busy);
  await receives(busy, 1);
  const retired = dispatcher.retire(busy);
  const next = await startHost(t, 'next', echo);
  dispatcher.attach(next);
  await receives(next, 1);
  finish();
  await retired;
  assert.deepEqual((await Promise.all(answers)).flat().map(String).toSorted(), ['1', '2']);
});
