import type { Contender, Picture } from '../contenders/contender.ts';
import { type Name, startContenders } from '../contenders/start-contenders.ts';
import { perSecond as rateOf } from '../load/wrk.ts';
import { type Bench, percentile, startReference } from '../measure.ts';
import { uniquePictures } from '../picture-lists.ts';
import { waitUntilIdle } from '../process-tree.ts';
import type { Schedule } from '../references/scheduled-client.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, type SourceName, sourceFolder } from '../sources.ts';

/** Fraction of the maximum rate of the slower contender. */
const loadFactor = 0.5;

/** Latencies for cold files at a fixed rate that both contenders sustain. */
export async function latency(bench: Bench): Promise<void> {
  const peers: Name[] = bench.isQuick ? ['imgproxy'] : ['imgproxy', 'ipx', 'bare Fastify'];
  for (const name of ['1200px', '6mp'] as const) {
    for (const peer of peers) await compareLatencies(bench, name, peer);
  }
}

const compareLatencies = (bench: Bench, name: SourceName, peerName: Name) =>
  scoped(async (owner) => {
    const folder = await sourceFolder(owner);
    const source = await makeSource(folder, bench.image, name);
    const [imgwire, peer] = await startContenders(owner, folder, ['imgwire', peerName]);
    if (!imgwire || !peer) return;
    const contenders = [imgwire, peer];
    const client = await startReference(owner, 'scheduled-client', []);

    const maxRates: number[] = [];
    for (const contender of contenders) {
      await contender.prepare([source.file]);
      await contender.run(uniquePictures(source.file, 5000, 0), 1);
      maxRates.push(rateOf(await contender.run(uniquePictures(source.file, 5000, 5000), bench.seconds)));
    }
    const perSecond = Math.floor(loadFactor * Math.min(...maxRates));
    const all = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
    for (let round = 0; round < bench.rounds; round += 1) {
      const files = await copiesOf(source, folder, `latency-${round}`, perSecond * 2 * bench.seconds);
      const pictures = files.map((file): Picture => ({ file, width: 720, quality: 80 }));
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        await contender.prepare(files);
        await waitUntilIdle(contender.pid);
        const schedule: Schedule = { urls: pictures.map((picture) => contender.url?.(picture) ?? ''), perSecond };
        const { milliseconds } = await client.ask<{ milliseconds: number[] }>(schedule);
        all.get(contender)?.push(...milliseconds);
      }
    }
    const shown = (contender: Contender) => {
      const milliseconds = all.get(contender) ?? [];
      const parts = [0.5, 0.99, ...(milliseconds.length >= 1000 ? [0.999] : [])];
      return parts.map((one) => percentile(milliseconds, one).toFixed(1)).join(' / ');
    };
    const p99 = contenders.map((contender) => percentile(all.get(contender) ?? [], 0.99)) as [number, number];
    bench.report({
      what: `latency at ${perSecond} /s, cold ${source.label} to 720 px: p50 / p99 / p99.9`,
      ours: `${shown(imgwire)} ms`,
      reference: `${peerName} ${shown(peer)} ms`,
      result: `p99 ratio ${(p99[0] / p99[1]).toFixed(2)}`,
      goal: '',
      met: true,
    });
  });
