import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenRequests } from '../../src/gateway/service/request-context.ts';

const options = { requestId: 'r', door: 'http', client: {} } as const;

test('a deadline counts from the arrival of the whole request, and the shorter limit applies', () => {
  const requests = createOpenRequests(1000);
  const limitOf = ({ arrivedAt, deadline }: { arrivedAt: number; deadline: number }) =>
    Math.round(deadline - arrivedAt);
  assert.equal(limitOf(requests.open(options)), 1000);
  assert.equal(limitOf(requests.open({ ...options, timeoutMs: 300 })), 300);
  const context = requests.open({ ...options, timeoutMs: 5000 });
  assert.equal(limitOf(context), 1000);
  const { arrivedAt } = context;
  while (performance.now() === arrivedAt);
  context.bodyArrived();
  assert.ok(context.arrivedAt > arrivedAt);
  assert.equal(limitOf(context), 1000);
});

test('a disconnected client aborts the signal, even one read later', () => {
  const requests = createOpenRequests(1000);
  const early = requests.open(options);
  const { signal } = early;
  early.abort();
  assert.equal(signal.aborted, true);
  const late = requests.open(options);
  late.abort();
  assert.equal(late.signal.aborted, true);
});

test('resolves idle() once no request is open', async () => {
  const requests = createOpenRequests(1000);
  await requests.idle();
  const [one, two] = [requests.open(options), requests.open(options)];
  let isIdle = false;
  const idle = requests.idle().then(() => {
    isIdle = true;
  });
  one.close();
  one.close();
  await Promise.resolve();
  assert.deepEqual([requests.size, isIdle], [1, false]);
  two.close();
  await idle;
  assert.equal(requests.size, 0);
});

test("does not count the gateway's own requests, so a waiting ping does not delay the shutdown", async () => {
  const requests = createOpenRequests(1000);
  const ping = requests.open({ ...options, door: 'internal', timeoutMs: 5000 });
  assert.equal(Math.round(ping.deadline - ping.arrivedAt), 5000, 'the limit for clients does not apply');
  assert.equal(requests.size, 0);
  await requests.idle();
  ping.close();
  assert.equal(requests.size, 0);
});
