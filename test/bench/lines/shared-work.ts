import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { startService } from '../../helpers/service.ts';
import { transformations } from '../../helpers/transformations.ts';
import { type Bench, compare, ok, rate, reportRatio } from '../measure.ts';
import { startSubject } from '../subject.ts';

const widths = [320, 480, 640, 960, 1280];

/** Work that is done once for many. */
export async function sharedWork(bench: Bench): Promise<void> {
  const subject = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' });
  const url = `${subject.http}/images/${subject.imageId}`;
  const atOnce = 2 * availableParallelism();
  const headers = { 'content-type': 'application/json' };
  let asked = 0;
  const background = () => {
    asked += 1;
    return `#${asked.toString(16).padStart(6, '0')}`;
  };
  const together = async () => {
    const body = Buffer.from(
      JSON.stringify({ background: background(), variants: widths.map((width) => ({ width })) }),
    );
    await ok(`${url}/variants`, { method: 'POST', headers, body });
  };
  const alone = (index: number) =>
    ok(`${url}?width=${widths[index % widths.length]}&background=${encodeURIComponent(background())}`);
  const photos = 4 * atOnce;
  reportRatio(
    bench,
    'five sizes of one photo by variants, beside five requests',
    'images/s',
    await compare(
      bench.rounds,
      async () => widths.length * (await rate(photos, atOnce, together)),
      () => rate(photos * widths.length, atOnce, alone),
    ),
    1.5,
  );

  const single = await startService(bench, { env: { IMGWIRE_WORKERS: '1' } });
  const body = await readFile(bench.image);
  const headersOfImage = { 'content-type': 'image/jpeg' };
  await ok(`${single.http}/images`, { method: 'POST', headers: headersOfImage, body });
  await rate(200, 200, () => ok(`${single.http}/images/${subject.imageId}?width=720`));
  const { length } = await transformations(single);
  bench.report({
    what: '200 equal requests at once',
    ours: `${length} transformation`,
    reference: '',
    result: String(length),
    goal: '1',
    met: length === 1,
  });
}
