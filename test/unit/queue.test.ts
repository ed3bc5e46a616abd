import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Door } from '../../src/gateway/dispatch/job.ts';
import { createQueue } from '../../src/gateway/dispatch/queue.ts';

const job = (name: string, door: Door = 'http') => ({ name, door, weight: 'light' as const });
type Job = ReturnType<typeof job>;

function namesIn(queue: ReturnType<typeof createQueue<Job>>): string[] {
  const names: string[] = [];
  for (let next = queue.shift('light'); next; next = queue.shift('light')) names.push(next.name);
  return names;
}

test('returns jobs in order of arrival, also after it was empty', () => {
  const queue = createQueue<Job>(10);
  for (let round = 0; round < 3; round += 1) {
    assert.equal(queue.shift('light'), undefined);
    for (const name of ['a', 'b', 'c']) queue.push(job(name));
    assert.equal(queue.shift('light')?.name, 'a');
    queue.push(job('d'));
    assert.equal(queue.size('light'), 3);
    assert.deepEqual(namesIn(queue), ['b', 'c', 'd']);
  }
});

test('skips deleted jobs, and frees their places', () => {
  const queue = createQueue<Job>(3);
  const jobs = ['a', 'b', 'c'].map((name) => job(name));
  for (const one of jobs) queue.push(one);
  assert.equal(queue.push(job('d')), false);
  queue.delete(jobs[0] as Job);
  queue.delete(jobs[2] as Job);
  assert.ok(queue.push(job('e')));
  queue.delete(jobs[1] as Job);
  assert.deepEqual(namesIn(queue), ['e']);
});

test('a dequeued job can return at the front as a retry, or at the back', () => {
  const queue = createQueue<Job>(10);
  for (const name of ['a', 'b', 'c']) queue.push(job(name));
  const [first, second] = [queue.shift('light') as Job, queue.shift('light') as Job];
  queue.push(second);
  queue.pushRetry(first);
  assert.deepEqual(namesIn(queue), ['a', 'c', 'b']);
});

test('alternates between the doors', () => {
  const queue = createQueue<Job>(10);
  for (const name of ['h1', 'h2', 'h3']) queue.push(job(name));
  for (const name of ['z1', 'z2']) queue.push(job(name, 'zmq'));
  queue.push(job('ping', 'internal'));
  assert.deepEqual(namesIn(queue), ['ping', 'h1', 'z1', 'h2', 'z2', 'h3']);
});
