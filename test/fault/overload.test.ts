import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { Dealer } from 'zeromq';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';
import { documentedMemoryLimit, memoryOf, mib } from './memory.ts';

const picture = await photo(2400, 1800);
const id = createHash('sha256').update(picture).digest('hex');
const requests = 2000;

interface Outcome {
  status: number;
  retryAfter: string | undefined;
  milliseconds: number;
}

function send(agent: Agent, url: string, body?: Buffer): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const headers = body ? { 'content-type': 'image/jpeg', 'content-length': body.length } : {};
    const sent = httpRequest(url, { agent, method: body ? 'POST' : 'GET', headers }, (response) => {
      const milliseconds = performance.now() - started;
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], milliseconds });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const percentile = (values: number[], share: number) =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0);

test(`of ${requests} concurrent requests, refuses the excess at once, in bounded memory, and serves the rest`, async (t) => {
  const inflightBytes = 64 * 2 ** 20;
  const documented = documentedMemoryLimit(inflightBytes, 16 * 2 ** 20, requests);
  const env = { ...documented.env, IMGWIRE_TIMEOUT_MS: '60000', IMGWIRE_QUEUE_LIMIT: '64' };
  const service = await startService(t, { env });
  const agent = new Agent({ keepAlive: true });
  closeWith(t, () => agent.destroy());
  await send(agent, `${service.http}/images`, picture);
  const pid = service.child.pid as number;
  const before = memoryOf(pid).now;
  const uploads = requests / 4;
  assert.ok(uploads * picture.length > 3 * inflightBytes, 'the uploads of a flood exceed the budget');

  // During the first flood, the code that refuses is not yet compiled.
  for (const flood of ['first', 'second']) {
    const outcomes = await Promise.all(
      Array.from({ length: requests }, (_, index) =>
        index % 4 === 0
          ? send(agent, `${service.http}/resize?width=${100 + (index % 200)}`, picture)
          : send(agent, `${service.http}/images/${id}?width=${100 + index}&quality=${flood === 'first' ? 70 : 71}`),
      ),
    );
    const refused = outcomes.filter(({ status }) => status === 503);
    const done = outcomes.filter(({ status }) => status === 200);
    const { now, peak } = memoryOf(pid);
    console.log(
      `overload: ${flood} flood, ${requests} sent, ${done.length} done, ${refused.length} refused, ` +
        `those after ${percentile(
          refused.map(({ milliseconds }) => milliseconds),
          0.99,
        )} ms at p99 as the client sees it; ` +
        `memory ${mib(before)} before, ${mib(peak)} at most, ${mib(now)} after, limit ${mib(inflightBytes)}`,
    );
    assert.equal(done.length + refused.length, requests);
    assert.ok(refused.length > 0 && refused.every(({ retryAfter }) => Number(retryAfter) >= 1));
    assert.ok(done.length >= 64);
    const promised = documented.gatewayBytes;
    assert.ok(peak < promised, `${mib(before)} became ${mib(peak)}, not under ${mib(promised)}`);
  }
  const durations = (wanted: number) =>
    service.logs.filter(({ status }) => status === wanted).map(({ duration_ms }) => Number(duration_ms));
  const [refusal, work] = [percentile(durations(503), 0.99), percentile(durations(200), 0.5)];
  console.log(`overload: in the service, 99 % of refusals took at most ${refusal} ms, half of the work ${work} ms`);
  assert.ok(refusal * 4 < work, 'a refusal does not wait behind work');
  assert.equal((await fetch(`${service.http}/images`)).status, 200);
});

test('serves one door while the other is flooded', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_QUEUE_LIMIT: '32', IMGWIRE_TIMEOUT_MS: '60000' } });
  const agent = new Agent({ keepAlive: true });
  closeWith(t, () => agent.destroy());
  await send(agent, `${service.http}/images`, picture);
  const flood = Array.from({ length: 500 }, (_, index) =>
    send(agent, `${service.http}/images/${id}?width=${100 + index}`),
  );
  const client = connectZmq(t, service.zmq);
  for (let width = 50; width < 60; width += 1) {
    const { json } = await client.call({ operation: 'resize', image_id: id, width, transfer_encoding: 'binary' });
    assert.equal(json.width, width);
  }
  await Promise.all(flood);

  const dealer = new Dealer({ linger: 0 });
  closeWith(t, () => dealer.close());
  dealer.connect(service.zmq);
  for (let index = 0; index < 500; index += 1) {
    await dealer.send(['', JSON.stringify({ operation: 'resize', image_id: id, width: 700 + index })]);
  }
  const answers = Promise.all(
    Array.from({ length: 10 }, (_, index) => send(agent, `${service.http}/images/${id}?width=${60 + index}`)),
  );
  assert.ok((await answers).every(({ status }) => status === 200));
  const codes: Record<string, number> = {};
  for (let index = 0; index < 500; index += 1) {
    const [, json] = await dealer.receive();
    const code = /"code":"(\w+)"/.exec(String(json?.subarray(0, 200)))?.[1] ?? 'success';
    codes[code] = (codes[code] ?? 0) + 1;
  }
  console.log(`flood over ZeroMQ: ${JSON.stringify(codes)}`);
  assert.deepEqual(Object.keys(codes).toSorted(), ['overloaded', 'success']);
});
