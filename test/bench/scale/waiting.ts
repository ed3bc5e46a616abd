import { type Bench, latenciesDuring, ok, reportValue } from '../measure.ts';
import { startSubject } from '../subject.ts';
import { cpuOfEach, reportTimes, timed } from './figures.ts';

const lengths = [1, 32, 256];
const batches = 3;

/** More and more resizes at once on one worker: how long they take each, and what light work beside them waits. */
export async function waiting(bench: Bench): Promise<void> {
  const subject = await startSubject(bench, { IMGWIRE_WORKERS: '1' });
  const original = `${subject.http}/images/${subject.imageId}/info`;
  for (let time = 0; time < 5; time += 1) await ok(subject.unique());
  for (const length of lengths) {
    const perBatch = Math.max(length, 32);
    const latencies: number[] = [];
    let took = 0;
    const cpu = await cpuOfEach(subject.pid, batches * perBatch, async () => {
      took = await timed(() => inParallel(length, batches * perBatch));
    });
    const rate = (batches * perBatch * 1000) / took;
    reportValue(bench, `resizes of 6 megapixels, ${length} at once`, `${rate.toFixed(1)} /s; ${cpu}`);
    reportTimes(bench, `resize of 6 megapixels, ${length} at once`, latencies);
    const beside = await latenciesDuring(original, inParallel(length, perBatch));
    reportTimes(bench, `info beside ${length} resizes at once`, beside);

    async function inParallel(atOnce: number, count: number): Promise<void> {
      let begun = 0;
      const one = async () => {
        while (begun < count) {
          begun += 1;
          latencies.push(await timed(() => ok(subject.unique())));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, one));
    }
  }
  await subject.stop();
}
