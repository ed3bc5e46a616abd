import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import { type Caller, createFlights, type Lead } from '../../src/gateway/results/flights.ts';

const key = { imageId: 'image', text: 'image?width=1' };
const caller = (milliseconds = 10_000): Caller => ({
  requestId: 'r',
  door: 'http',
  deadline: performance.now() + milliseconds,
});
const coded = (code: string) => (error: unknown) => error instanceof RequestError && error.code === code;

/** Work whose end the test decides. */
function startWork() {
  const leads: Lead[] = [];
  let resolve: (value: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((onSuccess, onFailure) => {
    resolve = onSuccess;
    reject = onFailure;
  });
  const work = (lead: Lead) => {
    leads.push(lead);
    return promise;
  };
  return { leads, resolve, reject, work };
}

test('equal requests share one answer, and one error', async () => {
  const flights = createFlights();
  const one = startWork();
  const both = [flights.join(key, caller(), one.work), flights.join(key, caller(), one.work)];
  assert.equal(flights.isUnderWay(key), true);
  one.resolve('made');
  assert.deepEqual(await Promise.all(both), ['made', 'made']);
  assert.equal(flights.isUnderWay(key), false);
  assert.equal(one.leads.length, 1);

  const other = startWork();
  const failing = [flights.join(key, caller(), other.work), flights.join(key, caller(), other.work)];
  const failures = failing.map((answer) => assert.rejects(answer, coded('not_found')));
  other.reject(new RequestError('not_found', 'No image'));
  await Promise.all(failures);
  assert.equal(other.leads.length, 1);
});

test('whoever goes or is out of time leaves the others their answer', async () => {
  const flights = createFlights();
  const { work, resolve, leads } = startWork();
  const gone = new AbortController();
  const leaving = flights.join(key, { ...caller(), signal: gone.signal }, work);
  const hasty = flights.join(key, caller(1), work);
  const patient = flights.join(key, caller(), work);
  gone.abort();
  await assert.rejects(leaving, coded('timeout'));
  await assert.rejects(hasty, coded('timeout'));
  assert.equal(leads[0]?.signal.aborted, false);
  resolve('made');
  assert.equal(await patient, 'made');
});

test('when all have gone the work is dropped, and the next request begins anew', async () => {
  const flights = createFlights();
  const { work, leads } = startWork();
  const gone = new AbortController();
  const leaving = flights.join(key, { ...caller(), signal: gone.signal }, work);
  gone.abort();
  await assert.rejects(leaving, coded('timeout'));
  assert.equal(leads[0]?.signal.aborted, true);
  assert.equal(await flights.join(key, caller(), async () => 'anew'), 'anew');
});

test('work that ran out of the time of the first goes on for who came later with more', async () => {
  const flights = createFlights();
  const first = caller(20_000);
  const deadlines: number[] = [];
  let late = () => {};
  const isLate = new Promise<void>((resolve) => {
    late = resolve;
  });
  const work = async ({ deadline }: Lead) => {
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

test('a cancelled image answers all who wait for it, and no other', async () => {
  const flights = createFlights();
  const { work } = startWork();
  const waiting = flights.join(key, caller(), work);
  const other = flights.join({ imageId: 'other', text: 'other' }, caller(), async () => 'made');
  flights.cancel('image', new RequestError('not_found', 'Deleted'));
  await assert.rejects(waiting, coded('not_found'));
  assert.equal(await other, 'made');
});
