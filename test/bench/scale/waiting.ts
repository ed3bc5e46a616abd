import { type Bench, fetchOk, latenciesDuring, reportValue } from '../measure.ts';
import { startSubject } from '../subject.ts';
import { cpuPerOperation, reportTimes, timed } from './figures.ts';

const lengths = [1, 32, 256];
const batches = 3;

/** A growing number of concurrent resizes on one worker: their time, and the latency of light work alongside. */
export async function waiting(bench: Bench): Promise<void> {
  const subject = await startSubject(bench, { IMGWIRE_WORKERS: '1' });
  const original = `${subject.http}/images/${subject.imageId}/info`;
  for (let time = 0; time < 5; time += 1) await fetchOk(subject.unique());
  for (const length of lengths) {
    const perBatch = Math.max(length, 32);
    const latencies: number[] = [];
    let took = 0;
    const cpu = await cpuPerOperation(subject.pid, batches * perBatch, async () => {
      took = await timed(() => inParallel(length, batches * perBatch));
    });
    const rate = (batches * perBatch * 1000) / took;
    reportValue(bench, `resizes of 6 megapixels, ${length} at once`, `${rate.toFixed(1)} /s; ${cpu}`);
    reportTimes(bench, `resize of 6 megapixels, ${length} at once`, latencies);
    const infoLatencies = await latenciesDuring(original, inParallel(length, perBatch));
    reportTimes(bench, `info during resizes of 6 megapixels, ${length} at once`, infoLatencies);

    async function inParallel(concurrency: number, count: number): Promise<void> {
      let begun = 0;
      const one = async () => {
        while (begun < count) {
          begun += 1;
          latencies.push(await timed(() => fetchOk(subject.unique())));
        }
      };
      await Promise.all(Array.from({ length: concurrency }, one));
    }
  }
  await subject.stop();
}
