import { availableParallelism } from 'node:os';
import type { Owner } from '../../helpers/owner.ts';
import { checkPicture } from '../check-picture.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { allNames, type Name, startContenders } from '../contenders/start-contenders.ts';
import { type Bench, compare, fetchOk, measureRate, reportRatio } from '../measure.ts';
import { thumbnails, uniquePictures, type Widths } from '../picture-lists.ts';
import { race, reportRace, roundsOf } from '../race.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, type SourceName, sourceFolder } from '../sources.ts';

interface Series extends Widths {
  source: SourceName;
  /** Default jpeg; AVIF at the contender's own quality. */
  format?: 'avif';
  against: readonly Name[];
  /** Least ratio to each contender, by name. */
  goals?: Partial<Record<Name, number>>;
}

/** The larger the result, the larger the share of encoding, which levels do not save. */
const large: Widths = { from: 800, to: 1600 };
const all: Widths = { from: 240, to: 1600 };

const sharpAlone: readonly Name[] = ['imgwire', 'bare sharp'];

const series: readonly Series[] = [
  { source: '1200px', ...thumbnails, against: allNames, goals: { imgproxy: 0.97 } },
  { source: '6mp', ...thumbnails, against: allNames, goals: { 'bare sharp': 2.5, imgproxy: 1, ipx: 1, imagor: 1 } },
  { source: '6mp', ...large, against: sharpAlone },
  { source: '6mp', ...all, format: 'avif', against: allNames, goals: { imgproxy: 1 } },
  { source: '24mp', ...thumbnails, against: allNames, goals: { 'bare sharp': 4, imgproxy: 1 } },
  { source: '24mp', ...large, against: sharpAlone },
];

/** Unique sizes of one photograph: imgwire keeps it decoded after several requests, the others decode it for each. */
export async function uniqueSizes(bench: Bench): Promise<void> {
  for (const one of series) await scoped((owner) => sizesOf(bench, owner, one));
  for (const name of ['6mp', '24mp'] as const) await scoped((owner) => checkBytes(bench, owner, name));
  for (const { source, widths } of sizeSets) await scoped((owner) => variants(bench, owner, source, widths));
}

async function sizesOf(bench: Bench, owner: Owner, { source: name, format, against, goals, from, to }: Series) {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, name);
  const contenders = await startContenders(owner, folder, against);
  for (const contender of contenders) {
    await contender.prepare([file]);
    await checkPicture(contender, { file, width: from, ...(format && { format }) });
  }
  const { rounds, seconds } = roundsOf(bench);
  // AVIF stays at the default quality, so each width can be requested only once.
  const perTurn = format === undefined ? 600 * seconds : Math.floor((to - from) / (rounds + 1));
  const lists = Array.from({ length: rounds + 1 }, (_, round) => {
    const pictures = uniquePictures(file, perTurn, round * perTurn, { from, to });
    return format === undefined ? pictures : pictures.map(({ file, width }) => ({ file, width, format }));
  });
  const what = `unique sizes of ${from} to ${to - 1} px of one photograph, ${label}, ${format ?? 'jpeg'}`;
  reportRace(bench, what, await race(bench, contenders, lists), goals);
}

/** Number of results to compare byte by byte. */
const comparedResults = 20;

/** Compares results from kept levels with results from the file. */
async function checkBytes(bench: Bench, owner: Owner, name: SourceName): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, name);
  const pictures = uniquePictures(file, comparedResults, 0, all);
  const withLevels = await startImgwire(owner, folder);
  const withoutLevels = await startImgwire(owner, folder, { IMGWIRE_CACHE_LEVEL_BYTES: '0' });
  let equal = 0;
  for (const contender of [withLevels, withoutLevels]) await contender.prepare([file]);
  for (const picture of pictures) {
    if ((await withLevels.render(picture)).equals(await withoutLevels.render(picture))) equal += 1;
  }
  bench.report({
    what: `results byte-identical to those without kept levels, ${label}`,
    ours: `${equal} of ${pictures.length}`,
    reference: '',
    result: `${equal} of ${pictures.length}`,
    goal: 'all',
    met: equal === pictures.length,
  });
}

/** Typical sets of sizes: thumbnails, which one level serves, and screen sizes, which take several levels. */
const sizeSets: readonly { source: SourceName; widths: readonly number[] }[] = [
  { source: '6mp', widths: [64, 128, 192, 256, 320] },
  { source: '6mp', widths: [320, 480, 640, 960, 1280] },
  { source: '24mp', widths: [160, 240, 320, 480, 640] },
];

/** Compares five sizes of a cold file in one request with five requests for cold files. */
async function variants(bench: Bench, owner: Owner, name: SourceName, widths: readonly number[]): Promise<void> {
  const folder = await sourceFolder(owner);
  const source = await makeSource(folder, bench.image, name);
  const imgwire = await startImgwire(owner, folder);
  const concurrency = 2 * availableParallelism();
  const photos = 4 * concurrency;
  let turn = 0;
  const uploadCopies = async (count: number) => {
    turn += 1;
    const files = await copiesOf(source, folder, `turn-${turn}`, count);
    await imgwire.prepare(files);
    return files;
  };
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ variants: widths.map((width) => ({ width })) }));
  const together = async () => {
    const files = await uploadCopies(photos);
    const post = (index: number) =>
      fetchOk(`${imgwire.origin}${imgwire.originalPath(files[index] as string)}/variants`, {
        method: 'POST',
        headers,
        body,
      });
    return widths.length * (await measureRate(photos, concurrency, post));
  };
  const alone = async () => {
    const files = await uploadCopies(photos * widths.length);
    const get = (index: number) =>
      imgwire.render({ file: files[index] as string, width: widths[index % widths.length] as number });
    return measureRate(files.length, concurrency, get);
  };
  const compared = await compare(bench.rounds, together, alone);
  const what = `${widths.join(', ')} px of a photograph as variants, vs five cold requests, ${source.label}`;
  reportRatio(bench, what, 'images/s', compared, 2);
}
