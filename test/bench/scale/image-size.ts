import { photo } from '../../helpers/photo.ts';
import { type Bench, ok } from '../measure.ts';
import { start } from '../start.ts';
import { childrenOf, reportTimes, reportValue, timed, workerPeak } from './figures.ts';
import { numbered } from './fill.ts';

const sizes = [
  [1200, 833],
  [3000, 2000],
  [6000, 4000],
  [8660, 5774],
] as const;
const jpegType = { 'content-type': 'image/jpeg' };

/** Larger and larger photographs, one request at a time: time, and memory of the worker. */
export async function imageSize(bench: Bench): Promise<void> {
  for (const [width, height] of sizes) {
    const megapixels = ((width * height) / 1e6).toFixed(0);
    const jpeg = await photo(width, height);
    const service = await start(bench, { IMGWIRE_WORKERS: '1', IMGWIRE_TIMEOUT_MS: '60000' });
    const [worker] = await childrenOf(service.pid);
    const uploads: number[] = [];
    const resizes = { 320: [] as number[], 1280: [] as number[] };
    for (let round = 0; round < bench.rounds; round += 1) {
      const body = numbered(jpeg, round);
      let id = '';
      uploads.push(
        await timed(async () => {
          id = JSON.parse(
            String(await ok(`${service.http}/images`, { method: 'POST', headers: jpegType, body })),
          ).image_id;
        }),
      );
      for (const size of [320, 1280] as const) {
        resizes[size].push(await timed(() => ok(`${service.http}/images/${id}?width=${size}&quality=${90 - round}`)));
      }
    }
    if ((await childrenOf(service.pid))[0] !== worker) throw new Error('Expected the worker to live on');
    const what = `${megapixels} megapixels, ${(jpeg.length / 1e6).toFixed(1)} MB`;
    reportTimes(bench, `upload of ${what}`, uploads);
    for (const size of [320, 1280] as const) reportTimes(bench, `resize of ${what} to ${size} pixels`, resizes[size]);
    reportValue(bench, `peak of the worker, ${what}`, `${(await workerPeak(service.pid)).toFixed(0)} MB`);
    await service.stop();
  }
}
