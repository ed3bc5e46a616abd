import { photo } from '../../helpers/photo.ts';
import { type Bench, fetchOk, reportValue } from '../measure.ts';
import { start } from '../start.ts';
import { childrenOf, cpuPerOperation, reportTimes, timed, workerPeak } from './figures.ts';
import { idOf, numbered } from './fill.ts';

const sizes = [
  [1200, 833],
  [3000, 2000],
  [6000, 4000],
  [8660, 5774],
] as const;
/** Enough for CPU time, which is counted in ticks of 10 ms. */
const images = 20;
const jpegType = { 'content-type': 'image/jpeg' };

/** Time and worker memory for photographs of growing size, one request at a time. */
export async function imageSize(bench: Bench): Promise<void> {
  for (const [width, height] of sizes) {
    const megapixels = ((width * height) / 1e6).toFixed(0);
    const jpeg = await photo(width, height);
    const service = await start(bench, { IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '60000' });
    const [worker] = await childrenOf(service.pid);
    const what = `${megapixels} megapixels, ${(jpeg.length / 1e6).toFixed(1)} MB`;
    const ids = Array.from({ length: images }, (_, round) => idOf(numbered(jpeg, round)));
    const inTurn = async (name: string, work: (id: string, round: number) => Promise<unknown>) => {
      const milliseconds: number[] = [];
      const cpu = await cpuPerOperation(service.pid, ids.length, async () => {
        for (const [round, id] of ids.entries()) milliseconds.push(await timed(() => work(id, round)));
      });
      reportTimes(bench, `${name}, ${what}`, milliseconds);
      reportValue(bench, `${name}, ${what}`, cpu);
    };
    await inTurn('upload', (_, round) =>
      fetchOk(`${service.http}/images`, { method: 'POST', headers: jpegType, body: numbered(jpeg, round) }),
    );
    for (const size of [320, 1280])
      await inTurn(`first resize to ${size} pixels`, (id) => fetchOk(`${service.http}/images/${id}?width=${size}`));
    if ((await childrenOf(service.pid))[0] !== worker) throw new Error('Expected the worker to survive');
    reportValue(bench, `peak memory of the worker, ${what}`, `${(await workerPeak(service.pid)).toFixed(0)} MB`);
    await service.stop();
  }
}
