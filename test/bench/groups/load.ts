import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { connectZmq } from '../../helpers/zmq-client.ts';
import { type Bench, fetchOk, latenciesDuring, median, memoryOf, percentile, sendRequest } from '../measure.ts';
import { start } from '../start.ts';

const inflightMb = 268;

/** Startup, and behaviour under large uploads. */
export async function load(bench: Bench): Promise<void> {
  await startup(bench);
  await memory(bench);
  await responsiveness(bench);
}

async function startup(bench: Bench): Promise<void> {
  const milliseconds: number[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const before = performance.now();
    const service = await start(bench);
    await fetchOk(`${service.http}/images`);
    milliseconds.push(performance.now() - before);
    await service.stop();
  }
  bench.report({
    what: 'start to first answer of a worker',
    ours: `${median(milliseconds).toFixed(0)} ms`,
    reference: '',
    result: `${median(milliseconds).toFixed(0)} ms`,
    goal: '< 1000 ms',
    met: median(milliseconds) < 1000,
  });
}

/** The photograph padded to a size with random bytes at its end, which decoders ignore; different at each call. */
async function padded(bench: Bench, bytes: number): Promise<Buffer> {
  const image = await readFile(bench.image);
  return Buffer.concat([image, randomBytes(Math.max(1, bytes - image.length))]);
}

const jpeg = { 'content-type': 'image/jpeg' };

async function memory(bench: Bench): Promise<void> {
  const service = await start(bench);
  const pid = service.pid;
  const url = `${service.http}/images`;
  const before = await memoryOf(pid);
  const images = await Promise.all(Array.from({ length: 32 }, () => padded(bench, 20_000_000)));
  const answers = await Promise.all(images.map((body) => sendRequest(url, { method: 'POST', headers: jpeg, body })));
  const { peak } = await memoryOf(pid);
  const stored = answers.filter(({ status }) => status < 300).length;
  await delay(5000);
  const after = await memoryOf(pid);
  const above = peak - inflightMb;
  const kept = after.now - before.now;
  bench.report({
    what: `memory of the gateway, 32 uploads of 20 MB at once (${stored} accepted, ${32 - stored} refused)`,
    ours: `peak ${peak.toFixed(0)} MB, then ${after.now.toFixed(0)} MB`,
    reference: `${inflightMb} MB in flight, ${before.now.toFixed(0)} MB at the start`,
    result: `${above.toFixed(0)} MB above, ${kept.toFixed(0)} MB kept`,
    goal: '≤ 150 MB above, ≤ 50 MB kept',
    met: above <= 150 && kept <= 50,
  });
  await service.stop();
}

async function responsiveness(bench: Bench): Promise<void> {
  const service = await start(bench);
  const health = `${service.http}/health`;
  const [small, large] = [await padded(bench, 1_000_000), await padded(bench, 30_000_000)];
  const report = (what: string, milliseconds: number[]) =>
    bench.report({
      what,
      ours: `${percentile(milliseconds, 0.99).toFixed(1)} ms`,
      reference: '',
      result: `p50 ${median(milliseconds).toFixed(1)} ms`,
      goal: 'p99 < 50 ms',
      met: percentile(milliseconds, 0.99) < 50,
    });

  const uploads = [large, ...Array(100).fill(small)].map((body: Buffer) =>
    sendRequest(`${service.http}/images`, { method: 'POST', headers: jpeg, body }),
  );
  report(
    'p99 of /health during 100 uploads of 1 MB and one of 30 MB',
    await latenciesDuring(health, Promise.all(uploads)),
  );

  const request = Buffer.from(
    JSON.stringify({ operation: 'info', image_data: (await padded(bench, 20_000_000)).toString('base64') }),
  );
  const clients = [connectZmq(bench, service.zmq), connectZmq(bench, service.zmq)];
  const work = Promise.all(
    clients.map(async (client) => {
      for (let index = 0; index < 2 * bench.rounds; index += 1) {
        const { json } = await client.call(request);
        if (json.status !== 'success') throw new Error(`Expected a success but received ${JSON.stringify(json)}`);
      }
    }),
  );
  report('p99 of /health during base64 requests of 20 MB over ZeroMQ', await latenciesDuring(health, work));
}
