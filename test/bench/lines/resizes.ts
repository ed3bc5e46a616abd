import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectZmq } from '../../helpers/zmq-client.ts';
import { type Bench, compare, median, ok, rate, reportRatio, startReference } from '../measure.ts';
import { startSubject } from '../subject.ts';

const ipxPort = 38_471;

/** Resizes that were never asked for before, beside bare sharp and ipx. */
export async function resizes(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const bare = await startReference(bench, 'sharp', [bench.image]);
  const atOnce = 2 * availableParallelism();
  const count = 20 * atOnce;
  const viaSharp = async () => count / (await bare.ask<{ seconds: number }>({ count, atOnce })).seconds;
  const viaHttp = () => rate(count, atOnce, () => ok(subject.unique()));

  reportRatio(bench, 'unique resizes over HTTP, saturated', '/s', await compare(bench.rounds, viaHttp, viaSharp), 0.95);

  const clients = Array.from({ length: atOnce }, () => connectZmq(bench, subject.zmq));
  let turn = 0;
  const viaZmq = () => {
    const free = [...clients];
    return rate(count, atOnce, async () => {
      const client = free.pop() ?? clients[turn++ % clients.length];
      const { json } = (await client?.call(subject.uniqueRequest())) ?? {};
      if (json?.status !== 'success') throw new Error(`Expected a success but received ${JSON.stringify(json)}`);
      if (client) free.push(client);
    });
  };
  reportRatio(bench, 'the same over ZeroMQ, binary', '/s', await compare(bench.rounds, viaZmq, viaSharp), 0.95);

  await addedLatency(bench, subject.unique, bare);
  await besideIpx(bench, viaHttp, count, atOnce);
}

async function addedLatency(bench: Bench, unique: () => string, bare: Awaited<ReturnType<typeof startReference>>) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < bench.rounds * 10; index += 1) {
    const start = performance.now();
    await ok(unique());
    ours.push(performance.now() - start);
    const { milliseconds } = await bare.ask<{ milliseconds: number[] }>({ count: 1, atOnce: 1 });
    theirs.push(...milliseconds);
  }
  const added = median(ours) - median(theirs);
  bench.report({
    what: 'added latency of one such request, p50',
    ours: `${median(ours).toFixed(1)} ms`,
    reference: `${median(theirs).toFixed(1)} ms`,
    result: `${added.toFixed(1)} ms`,
    goal: '≤ 1 ms',
    met: added <= 1,
  });
}

/** As its README says: `ipx serve --dir`. */
async function besideIpx(bench: Bench, viaHttp: () => Promise<number>, count: number, atOnce: number): Promise<void> {
  const command = fileURLToPath(new URL('../../../node_modules/.bin/ipx', import.meta.url));
  const env = { ...process.env, PORT: String(ipxPort), HOST: '127.0.0.1', NODE_ENV: 'production' };
  const child = spawn(command, ['serve', '--dir', dirname(bench.image)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  bench.after(() => child.kill());
  const url = `http://127.0.0.1:${ipxPort}/w_720/${basename(bench.image)}`;
  for (;;)
    if (await ok(url).then(Boolean, () => new Promise((resolve) => setTimeout(() => resolve(false), 100)))) break;
  const viaIpx = () => rate(count, atOnce, () => ok(url));
  reportRatio(bench, 'the same beside ipx', '/s', await compare(bench.rounds, viaHttp, viaIpx), 1.25);
  child.kill();
}
