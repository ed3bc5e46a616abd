import type { Picture } from '../contenders/contender.ts';
import { startImgproxy } from '../contenders/imgproxy.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { startSharp } from '../contenders/sharp.ts';
import type { Bench } from '../measure.ts';
import { makePhotographs } from '../photographs.ts';
import { race, reportRace, turns } from '../race.ts';

/** Pictures on a page of the gallery, and how many of them somebody then looks at. */
const page = 20;
const opened = 5;

/** Many different photographs, each asked for once as a thumbnail and some of them then larger: no file is warm. */
export async function gallery(bench: Bench): Promise<void> {
  const { folder, files } = await makePhotographs(bench.photographs);
  const contenders = [await startImgwire(bench, folder), await startSharp(bench, folder)];
  const imgproxy = await startImgproxy(bench, folder);
  if (imgproxy) contenders.push(imgproxy);
  for (const contender of contenders) await contender.prepare(files);
  const { rounds } = turns(bench);
  // Each round has photographs of its own, so that all rounds together ask for every one of them once.
  const perRound = Math.floor(files.length / (rounds + 1) / page) * page;
  const lists = Array.from({ length: rounds + 1 }, (_, round) =>
    asGallery(files.slice(round * perRound, (round + 1) * perRound)),
  );
  // To the end of each list, however long it takes.
  const rates = await race({ ...bench, seconds: 120 }, contenders, lists);
  reportRace(bench, 'gallery of 500 photographs of 1 to 24 MP', rates, { 'bare sharp': 1 });
}

function asGallery(files: readonly string[]): Picture[] {
  const pictures: Picture[] = [];
  for (let first = 0; first < files.length; first += page) {
    const shown = files.slice(first, first + page);
    pictures.push(...shown.map((file) => ({ file, width: 320, quality: 80 })));
    pictures.push(...shown.slice(0, opened).map((file) => ({ file, width: 1280, quality: 80 })));
  }
  return pictures;
}
