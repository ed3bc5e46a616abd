import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createDispatcher, type Dispatcher, type Job, type LaneHost } from '../../src/gateway/dispatch/dispatcher.ts';
import { createLane } from '../../src/gateway/dispatch/lane.ts';
import type { Death } from '../../src/gateway/dispatch/worker-process.ts';
import { bindRepSockets, type Respond } from '../helpers/rep-host.ts';

/*
 * dispatch() ──► lane: REQ ──► REP in this process, in place of a worker
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
    requestId: text,
    deadline: performance.now() + 10_000,
    ...options,
  };
}

interface TestHost extends LaneHost {
  received: string[];
  die(death: Death): void;
}

/** A worker with one lane of each weight. */
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
  t.after(close);
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

test('answers a job with the frames of the worker', async (t) => {
  const dispatcher = createSubject();
  dispatcher.attach(await startHost(t, 'a', ([json]) => [Buffer.from(`re: ${json}`), Buffer.from('image')]));
  assert.deepEqual((await dispatcher.dispatch(job('1'))).map(String), ['re: 1', 'image']);
});

test('has one job at a time on a lane, the oldest first', async (t) => {
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

test('does light work while the heavy lanes are taken', async (t) => {
  const dispatcher = createSubject();
  dispatcher.attach(await startHost(t, 'a', (frames) => (String(frames[0]) === 'slow' ? never(frames) : frames)));
  dispatcher.dispatch(job('slow')).catch(() => {});
  assert.deepEqual((await dispatcher.dispatch(job('quick', { weight: 'light' }))).map(String), ['quick']);
  dispatcher.close();
});

test('answers a job in time where no worker does, and never sends one that has expired', async (t) => {
  const dispatcher = createSubject();
  const waited = dispatcher.dispatch(job('late', { deadline: performance.now() + 20 }));
  await assert.rejects(waited, { code: 'timeout' });
  await assert.rejects(dispatcher.dispatch(job('gone', { deadline: performance.now() - 1 })), { code: 'timeout' });
  const host = await startHost(t, 'a', echo);
  dispatcher.attach(host);
  await dispatcher.dispatch(job('next'));
  assert.deepEqual(host.received, ['next']);
});

test('replaces a worker that spends too long on a job', async (t) => {
  const dispatcher = createSubject({ timeoutMs: 50 });
  const stuck = await startHost(t, 'stuck', never);
  dispatcher.attach(stuck);
  await assert.rejects(dispatcher.dispatch(job('1', { deadline: performance.now() + 20 })), { code: 'timeout' });
  assert.equal(await stuck.ended, 'killed');
});

test('sends the jobs of a lost worker to another one, unseen by the caller', async (t) => {
  const dispatcher = createSubject();
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  const answers = [dispatcher.dispatch(job('1')), dispatcher.dispatch(job('2', { weight: 'light' }))];
  await receives(first, 2);
  first.die('external');
  dispatcher.attach(await startHost(t, 'second', echo));
  assert.deepEqual((await Promise.all(answers)).flat().map(String), ['1', '2']);
});

test('tries a job that was lost before those that are waiting', async (t) => {
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

test('answers worker_lost where both workers were killed from outside', async (t) => {
  const dispatcher = createSubject();
  const answer = dispatcher.dispatch(job('1', { input: 'some id' }));
  answer.catch(() => {});
  for (const name of ['first', 'second']) {
    const host = await startHost(t, name, never);
    dispatcher.attach(host);
    await receives(host, 1);
    host.die('external');
  }
  await assert.rejects(answer, { code: 'worker_lost' });
});

test('refuses an input after two crashes, at once the next time, and blames no job beside it', async (t) => {
  const dispatcher = createSubject();
  const poison = Buffer.from('poison');
  const answer = dispatcher.dispatch(job('poisoned', { input: poison }));
  const innocent = dispatcher.dispatch(job('innocent', { weight: 'light', input: Buffer.from('innocent') }));
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
  // The same bytes in another request are not even sent.
  await assert.rejects(dispatcher.dispatch(job('again', { input: Buffer.from('poison') })), {
    code: 'unprocessable_image',
  });
  assert.ok(!third.received.includes('again'));
  await dispatcher.dispatch(job('innocent again', { input: Buffer.from('innocent') }));
});

test('tries a job that a worker crashed with alone on a worker', async (t) => {
  const dispatcher = createSubject();
  const first = await startHost(t, 'first', never);
  dispatcher.attach(first);
  const suspects = ['a', 'b'].map((text, index) =>
    dispatcher.dispatch(job(text, { weight: index === 0 ? 'light' : 'heavy', input: text })),
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

/** Has a worker killed from outside as often as said while it works on an image. */
async function loseOver(t: TestContext, dispatcher: Dispatcher, text: string, times: number): Promise<Buffer[]> {
  const answer = dispatcher.dispatch(job(text, { input: 'heavy on memory' }));
  answer.catch(() => {});
  for (let time = 0; time < times; time += 1) {
    const host = await startHost(t, `${text}-${time}`, never);
    dispatcher.attach(host);
    await receives(host, 1);
    host.die('external');
  }
  return answer;
}

test('refuses an input after three losses of any kind within a minute', async (t) => {
  const dispatcher = createSubject();
  await assert.rejects(loseOver(t, dispatcher, '1', 2), { code: 'worker_lost' });
  await assert.rejects(loseOver(t, dispatcher, '2', 1), { code: 'unprocessable_image' });
});

test('does not suspect an input while workers are lost without it', async (t) => {
  const dispatcher = createSubject();
  await assert.rejects(loseOver(t, dispatcher, '1', 2), { code: 'worker_lost' });
  dispatcher.lostAtStart();
  await assert.rejects(loseOver(t, dispatcher, '2', 2), { code: 'worker_lost' });
});

test('answers overloaded at once beyond the limit, and keeps a place for the other door', async () => {
  const dispatcher = createSubject({ queueLimit: 2 });
  const waiting = [dispatcher.dispatch(job('1'))];
  assert.equal(dispatcher.refusal('http', 'heavy', 0), undefined);
  assert.equal(dispatcher.refusal('http', 'heavy', 1)?.code, 'overloaded');
  waiting.push(dispatcher.dispatch(job('2')));
  await assert.rejects(dispatcher.dispatch(job('3')), { code: 'overloaded' });
  assert.equal(dispatcher.refusal('http', 'heavy', 0)?.code, 'overloaded');
  assert.equal(dispatcher.refusal('zmq', 'heavy', 0), undefined);
  waiting.push(dispatcher.dispatch(job('4', { door: 'zmq' })));
  const settled = Promise.allSettled(waiting);
  dispatcher.close();
  assert.deepEqual(
    (await settled).map((result) => result.status === 'rejected' && result.reason.code),
    ['shutting_down', 'shutting_down', 'shutting_down'],
  );
});

test('takes from both doors in turn', async (t) => {
  const dispatcher = createSubject();
  const flood = ['h1', 'h2', 'h3', 'h4'].map((text) => dispatcher.dispatch(job(text)));
  const other = ['z1', 'z2'].map((text) => dispatcher.dispatch(job(text, { door: 'zmq' })));
  const host = await startHost(t, 'a', echo);
  dispatcher.attach(host);
  await Promise.all([...flood, ...other]);
  assert.deepEqual(host.received, ['h1', 'z1', 'h2', 'z2', 'h3', 'h4']);
});

test('drops a waiting job whose caller has gone', async (t) => {
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

test('is idle when everything is answered', async (t) => {
  const dispatcher = createSubject();
  const answered: string[] = [];
  const answer = dispatcher.dispatch(job('1')).then(() => answered.push('1'));
  const idle = dispatcher.idle().then(() => answered.push('idle'));
  dispatcher.attach(await startHost(t, 'a', echo));
  await Promise.all([answer, idle]);
  assert.deepEqual(answered.toSorted(), ['1', 'idle']);
});
