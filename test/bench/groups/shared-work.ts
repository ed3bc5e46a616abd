import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { startService } from '../../helpers/service.ts';
import { transformations } from '../../helpers/transformations.ts';
import { type Bench, fetchOk, measureRate } from '../measure.ts';

/** Identical requests in flight, which share one job. */
export async function sharedWork(bench: Bench): Promise<void> {
  const single = await startService(bench, { env: { IMGWIRE_WORKERS: '1' } });
  const body = await readFile(bench.image);
  const imageId = createHash('sha256').update(body).digest('hex');
  const headers = { 'content-type': 'image/jpeg' };
  await fetchOk(`${single.http}/images`, { method: 'POST', headers, body });
  await measureRate(200, 200, () => fetchOk(`${single.http}/images/${imageId}?width=720`));
  const { length } = await transformations(single);
  bench.report({
    what: '200 identical requests at once',
    ours: `${length} transformation`,
    reference: '',
    result: String(length),
    goal: '1',
    met: length === 1,
  });
}
