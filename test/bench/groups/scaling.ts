import { startSeaweedFs } from '../../store/engines/seaweedfs.ts';
import { type Bench, compare, fetchOk, measureRate, reportRatio } from '../measure.ts';
import { type Subject, startSubject } from '../subject.ts';

const concurrency = 4;

/** First result of the second node, beyond those of the first. */
const secondNodeStart = 2 ** 20;

/** Compares images in a bucket with images in a folder, and two nodes with one. All share this machine's CPUs. */
export async function scaling(bench: Bench): Promise<void> {
  const engine = await startSeaweedFs(bench);
  const bucket = async (more: Record<string, string> = {}) => ({
    ...engine.env,
    IMGWIRE_S3_BUCKET: await engine.createBucket(),
    ...more,
  });
  const count = bench.seconds * 50;
  const resizes =
    (...subjects: Subject[]) =>
    () =>
      measureRate(count, concurrency, (index) => fetchOk((subjects[index % subjects.length] as Subject).unique()));

  const folder = await startSubject(bench);
  const alone = await startSubject(bench, await bucket({ IMGWIRE_SHARED_RESULTS: 'false' }));
  const besideFolder = await compare(bench.rounds, resizes(alone), resizes(folder));
  reportRatio(bench, 'unique resizes of an image in S3, vs one in a folder', '/s', besideFolder, 0.9);

  const sharing = await startSubject(bench, await bucket());
  const shared = await compare(bench.rounds, resizes(sharing), resizes(folder));
  reportRatio(bench, 'the same, results shared through the bucket', '/s', shared, 0.7);

  const one = await startSubject(bench, await bucket({ IMGWIRE_WORKERS: '2' }));
  const half = await bucket({ IMGWIRE_WORKERS: '1' });
  const nodes = [await startSubject(bench, half), await startSubject(bench, half, secondNodeStart)];
  const two = await compare(bench.rounds, resizes(...nodes), resizes(one));
  reportRatio(bench, 'two nodes of one worker on one bucket, vs one node of two', '/s', two, 0.9);
}
