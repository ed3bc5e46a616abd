import { availableParallelism } from 'node:os';
import type { Owner } from '../../helpers/owner.ts';
import { check } from '../check.ts';
import { everybody, type Name, startField } from '../contenders/field.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { furtherSizes, thumbnails, type Widths } from '../lists.ts';
import { type Bench, compare, ok, rate, reportRatio } from '../measure.ts';
import { race, reportRace, turns } from '../race.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, type SourceName, sourceFolder } from '../sources.ts';

interface Series extends Widths {
  source: SourceName;
  /** jpeg where nothing is said; AVIF at the contender's own quality. */
  format?: 'avif';
  against: readonly Name[];
  /** The least ratio to each by name. */
  goals?: Partial<Record<Name, number>>;
}

/** The larger a result, the more of the work is encoding it, which no level saves. */
const large: Widths = { from: 800, to: 1600 };
const all: Widths = { from: 240, to: 1600 };

const sharpAlone: readonly Name[] = ['imgwire', 'bare sharp'];

const series: readonly Series[] = [
  { source: '1200px', ...thumbnails, against: everybody, goals: { imgproxy: 0.97 } },
  { source: '6mp', ...thumbnails, against: everybody, goals: { 'bare sharp': 2.5, imgproxy: 1, ipx: 1, imagor: 1 } },
  { source: '6mp', ...large, against: sharpAlone },
  { source: '6mp', ...all, format: 'avif', against: everybody, goals: { imgproxy: 1 } },
  { source: '24mp', ...thumbnails, against: everybody, goals: { 'bare sharp': 4, imgproxy: 1 } },
  { source: '24mp', ...large, against: sharpAlone },
];

/** Unique sizes of one photograph, which is kept decoded once several were asked for, beside services that decode it for each. */
export async function further(bench: Bench): Promise<void> {
  for (const one of series) await scoped((owner) => sizesOf(bench, owner, one));
  for (const name of ['6mp', '24mp'] as const) await scoped((owner) => checkBytes(bench, owner, name));
  for (const { source, widths } of pages) await scoped((owner) => variants(bench, owner, source, widths));
}

async function sizesOf(bench: Bench, owner: Owner, { source: name, format, against, goals, from, to }: Series) {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, name);
  const contenders = await startField(owner, folder, against);
  for (const contender of contenders) {
    await contender.prepare([file]);
    await check(contender, { file, width: from, ...(format && { format }) });
  }
  const { rounds, seconds } = turns(bench);
  // Without qualities, each width is another picture once.
  const perTurn = format === undefined ? 600 * seconds : Math.floor((to - from) / (rounds + 1));
  const lists = Array.from({ length: rounds + 1 }, (_, round) => {
    const pictures = furtherSizes(file, perTurn, round * perTurn, { from, to });
    return format === undefined ? pictures : pictures.map(({ file, width }) => ({ file, width, format }));
  });
  const what = `unique sizes of ${from} to ${to - 1} px of one photograph, ${label}, ${format ?? 'jpeg'}`;
  reportRace(bench, what, await race(bench, contenders, lists), goals);
}

/** Results that are compared byte by byte. */
const checked = 20;

/** What comes from a kept level beside what comes from the file. */
async function checkBytes(bench: Bench, owner: Owner, name: SourceName): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, name);
  const pictures = furtherSizes(file, checked, 0, all);
  const kept = await startImgwire(owner, folder);
  const direct = await startImgwire(owner, folder, { IMGWIRE_CACHE_LEVEL_BYTES: '0' });
  let equal = 0;
  for (const contender of [kept, direct]) await contender.prepare([file]);
  for (const picture of pictures) {
    if ((await kept.one(picture)).equals(await direct.one(picture))) equal += 1;
  }
  bench.report({
    what: `the same bytes as without kept levels, ${label}`,
    ours: `${equal} of ${pictures.length}`,
    reference: '',
    result: `${equal} of ${pictures.length}`,
    goal: 'all',
    met: equal === pictures.length,
  });
}

/** What a page needs: thumbnails, which one level serves, and sizes for screens, which take several levels. */
const pages: readonly { source: SourceName; widths: readonly number[] }[] = [
  { source: '6mp', widths: [64, 128, 192, 256, 320] },
  { source: '6mp', widths: [320, 480, 640, 960, 1280] },
  { source: '24mp', widths: [160, 240, 320, 480, 640] },
];

/** Five sizes of a file that is not known yet in one request, beside five requests for files that are not known yet. */
async function variants(bench: Bench, owner: Owner, name: SourceName, widths: readonly number[]): Promise<void> {
  const folder = await sourceFolder(owner);
  const source = await makeSource(folder, bench.image, name);
  const imgwire = await startImgwire(owner, folder);
  const atOnce = 2 * availableParallelism();
  const photos = 4 * atOnce;
  let turn = 0;
  const fresh = async (count: number) => {
    turn += 1;
    const files = await copiesOf(source, folder, `turn-${turn}`, count);
    await imgwire.prepare(files);
    return files;
  };
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ variants: widths.map((width) => ({ width })) }));
  const together = async () => {
    const files = await fresh(photos);
    const post = (index: number) =>
      ok(`${imgwire.origin}${imgwire.originalPath(files[index] as string)}/variants`, {
        method: 'POST',
        headers,
        body,
      });
    return widths.length * (await rate(photos, atOnce, post));
  };
  const alone = async () => {
    const files = await fresh(photos * widths.length);
    const get = (index: number) =>
      imgwire.one({ file: files[index] as string, width: widths[index % widths.length] as number });
    return rate(files.length, atOnce, get);
  };
  const compared = await compare(bench.rounds, together, alone);
  const what = `${widths.join(', ')} px of a photograph by variants, beside five cold requests, ${source.label}`;
  reportRatio(bench, what, 'images/s', compared, 2);
}
