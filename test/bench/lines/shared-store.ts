import { availableParallelism } from 'node:os';
import { startCeph } from '../../store/engines/ceph.ts';
import { type Bench, compare, ok, rate, reportRatio } from '../measure.ts';
import { type Subject, startSubject } from '../subject.ts';

/** Images in a bucket: beside the folder, and by two nodes beside one. The engine takes its share of the same CPUs. */
export async function sharedStore(bench: Bench): Promise<void> {
  const engine = await startCeph(bench);
  const bucket = { ...engine.env, IMGWIRE_S3_BUCKET: await engine.createBucket() };
  const inFolder = await startSubject(bench);
  const inBucket = await startSubject(bench, bucket);
  const atOnce = 2 * availableParallelism();
  const count = 20 * atOnce;
  const resizes = (...nodes: Subject[]) => {
    let turn = 0;
    return rate(count, atOnce, () => ok((nodes[turn++ % nodes.length] as Subject).unique()));
  };

  reportRatio(
    bench,
    'unique resizes of an image in S3, beside one in the folder',
    '/s',
    await compare(
      bench.rounds,
      () => resizes(inBucket),
      () => resizes(inFolder),
    ),
    0.6,
  );

  const half = { ...bucket, IMGWIRE_WORKERS: String(Math.max(1, Math.floor(availableParallelism() / 2))) };
  const second = { ...half, IMGWIRE_S3_BUCKET: await engine.createBucket() };
  const one = await startSubject(bench, second);
  const two = await startSubject(bench, second);
  reportRatio(
    bench,
    'the same by two nodes with half the workers each, beside one node',
    '/s',
    await compare(
      bench.rounds,
      () => resizes(one, two),
      () => resizes(inBucket),
    ),
    0.8,
  );
}
