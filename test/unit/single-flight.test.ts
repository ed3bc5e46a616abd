import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import { createOpenRequests, type RequestContext } from '../../src/gateway/service/request-context.ts';
import { createSingleFlight, type Leader } from '../../src/gateway/service/single-flight.ts';

const key = { imageId: 'image', watermarkIds: ['logo'], text: 'image?width=1' };
const requests = createOpenRequests(60_000);
const caller = (timeoutMs = 10_000): RequestContext =>
  requests.open({ requestId: 'r', door: 'http', client: {}, timeoutMs });
const coded = (code: string) => (error: unknown) => error instanceof RequestError && error.code === code;

/** Work that the test settles. */
function startWork() {
  const leaders: Leader[] = [];
  let resolve: (value: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((onSuccess, onFailure) => {
    resolve = onSuccess;
    reject = onFailure;
  });
  const work = (leader: Leader) => {
    leaders.push(leader);
    return promise;
  };
  return { leaders, resolve, reject, work };
}

test('identical requests share one answer or one error', async () => {
  const flights = createSingleFlight();
  const one = startWork();
  const both = [flights.join(key, caller(), one.work), flights.join(key, caller(), one.work)];
  one.resolve('made');
  assert.deepEqual(await Promise.all(both), ['made', 'made']);
  assert.equal(one.leaders.length, 1);

  const other = startWork();
  const failing = [flights.join(key, caller(), other.work), flights.join(key, caller(), other.work)];
  const failures = failing.map((answer) => assert.rejects(answer, coded('not_found')));
  other.reject(new RequestError('not_found', 'No image'));
  await Promise.all(failures);
  assert.equal(other.leaders.length, 1);
});

test('a caller that disconnects or times out does not affect the others', async () => {
  const flights = createSingleFlight();
  const { work, resolve, leaders } = startWork();
  const gone = caller();
  const leaving = flights.join(key, gone, work);
  const hasty = flights.join(key, caller(1), work);
  const patient = flights.join(key, caller(), work);
  gone.abort();
  await assert.rejects(leaving, coded('timeout'));
  await assert.rejects(hasty, coded('timeout'));
  assert.equal(leaders[0]?.signal.aborted, false);
  resolve('made');
  assert.equal(await patient, 'made');
});

test('drops the work once all callers have gone, and starts again for the next', async () => {
  const flights = createSingleFlight();
  const { work, leaders } = startWork();
  const gone = caller();
  const leaving = flights.join(key, gone, work);
  gone.abort();
  await assert.rejects(leaving, coded('timeout'));
  assert.equal(leaders[0]?.signal.aborted, true);
  assert.equal(await flights.join(key, caller(), async () => 'anew'), 'anew');
});

test("retries work that exceeded the first caller's deadline for a caller with a later one", async () => {
  const flights = createSingleFlight();
  const first = caller(20_000);
  const deadlines: number[] = [];
  let late = () => {};
  const isLate = new Promise<void>((resolve) => {
    late = resolve;
  });
  const work = async ({ deadline }: Leader) => {
    deadlines.push(deadline);
    if (deadlines.length > 1) return 'made';
    await isLate;
    throw new RequestError('timeout', 'Late');
  };
  const one = flights.join(key, first, work);
  const two = flights.join(key, caller(30_000), work);
  late();
  assert.deepEqual(await Promise.all([one, two]), ['made', 'made']);
  assert.equal(deadlines[0], first.deadline);
  assert.ok(Number(deadlines[1]) > first.deadline);
});

test('cancelling an image answers its callers and those with it as watermark, no others', async () => {
  const flights = createSingleFlight();
  const { work } = startWork();
  const waiting = flights.join(key, caller(), work);
  const other = flights.join({ imageId: 'other', watermarkIds: [], text: 'other' }, caller(), async () => 'made');
  const marked = { imageId: 'another', watermarkIds: ['image'], text: 'marked' };
  const showing = flights.join(marked, caller(), startWork().work);
  flights.cancel('image', (parameter) => new RequestError('not_found', 'Deleted', { parameter }));
  await assert.rejects(waiting, { code: 'not_found', parameter: 'image_id' });
  await assert.rejects(showing, { code: 'not_found', parameter: 'watermark' });
  assert.equal(await other, 'made');
});

test('does not cache work for a deleted image or with a deleted watermark', async () => {
  const flights = createSingleFlight();
  for (const [deleted, mayCache] of [
    ['image', false],
    ['logo', false],
    ['other', true],
  ] as const) {
    const answer = await flights.join(key, caller(), async (leader) => {
      flights.invalidate(deleted);
      return leader.mayCache();
    });
    assert.equal(answer, mayCache, deleted);
  }
});
