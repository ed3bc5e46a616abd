import { basename, dirname } from 'node:path';
import { connectZmq } from '../../helpers/zmq-client.ts';
import type { Picture } from '../contenders/contender.ts';
import { startSharp } from '../contenders/sharp.ts';
import { connections, perSecond } from '../load/wrk.ts';
import { type Bench, compare, fetchOk, measureRate, median, reportRatio } from '../measure.ts';
import { startSubject } from '../subject.ts';

/** Unique resizes of one photograph over both wires, compared with bare sharp. */
export async function resizes(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const sharp = await startSharp(bench, dirname(bench.image));
  const picture: Picture = { file: basename(bench.image), width: 720 };
  const concurrency = connections;
  const count = 20 * concurrency;
  const viaSharp = () => sharp.run(Array<Picture>(count).fill(picture), 60).then(perSecond);

  const clients = Array.from({ length: concurrency }, () => connectZmq(bench, subject.zmq));
  const viaZmq = () => {
    const free = [...clients];
    return measureRate(count, concurrency, async () => {
      const client = free.pop();
      const { json } = (await client?.call(subject.uniqueRequest())) ?? {};
      if (json?.status !== 'success') throw new Error(`Expected a success but received ${JSON.stringify(json)}`);
      if (client) free.push(client);
    });
  };
  const compared = await compare(bench.rounds, viaZmq, viaSharp);
  reportRatio(bench, 'unique resizes over ZeroMQ, binary', '/s', { name: 'bare sharp', ...compared }, 0.95);

  const ours: number[] = [];
  const theirs: number[] = [];
  const timed = async (work: Promise<unknown>) => {
    const start = performance.now();
    await work;
    return performance.now() - start;
  };
  for (let index = 0; index < bench.rounds * 10; index += 1) {
    ours.push(await timed(fetchOk(subject.unique())));
    theirs.push(await timed(sharp.run([picture], 60)));
  }
  const added = median(ours) - median(theirs);
  bench.report({
    what: 'added latency of one such request over HTTP, p50',
    ours: `${median(ours).toFixed(1)} ms`,
    reference: `${median(theirs).toFixed(1)} ms`,
    result: `${added.toFixed(1)} ms`,
    goal: '≤ 1 ms',
    met: added <= 1,
  });
}
