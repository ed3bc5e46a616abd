import type { Picture } from '../contenders/contender.ts';
import { startImgproxy } from '../contenders/imgproxy.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { startSharp } from '../contenders/sharp.ts';
import type { Bench } from '../measure.ts';
import { makePhotographs } from '../photographs.ts';
import { race, reportRace } from '../race.ts';

/** Pictures on a page of the gallery, and how many of them are then opened. */
const pageSize = 20;
const opened = 5;

/** Many different photographs, all cold: each is requested once as a thumbnail, some of them then larger. */
export async function gallery(bench: Bench): Promise<void> {
  const { folder, files } = await makePhotographs(bench.photographs);
  const contenders = [await startImgwire(bench, folder), await startSharp(bench, folder)];
  const imgproxy = await startImgproxy(bench, folder);
  if (imgproxy) contenders.push(imgproxy);
  for (const contender of contenders) await contender.prepare(files);
  const pages = bench.isQuick ? 13 : files.length / pageSize;
  const lists = Array.from({ length: pages }, (_, number) =>
    asPage(files.slice(number * pageSize, (number + 1) * pageSize)),
  );
  // Long enough to finish each list.
  const scores = await race({ ...bench, seconds: 120 }, contenders, lists);
  reportRace(bench, `gallery of ${pages * pageSize} photographs of 1 to 24 MP`, scores, { 'bare sharp': 1 });
}

function asPage(files: readonly string[]): Picture[] {
  const as = (width: number) => (file: string) => ({ file, width, quality: 80 });
  return [...files.map(as(320)), ...files.slice(0, opened).map(as(1280))];
}
