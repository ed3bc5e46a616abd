import { availableParallelism } from 'node:os';
import type { Owner } from '../../helpers/service.ts';
import type { Picture } from '../contenders/contender.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { startSharp } from '../contenders/sharp.ts';
import { furtherSizes, type Widths } from '../lists.ts';
import { type Bench, compare, ok, rate, reportRatio } from '../measure.ts';
import { race, reportRace, turns } from '../race.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, type SourceName, sourceFolder } from '../sources.ts';

const goals = { '6mp': 2.5, '24mp': 4 } as const satisfies Partial<Record<SourceName, number>>;

/** The larger a result, the more of the work is encoding it, which no level saves. */
const ranges: (Widths & { hasGoal: boolean })[] = [
  { from: 240, to: 800, hasGoal: true },
  { from: 800, to: 1600, hasGoal: false },
];

/** Sizes of one photograph after the first one, beside bare sharp, which decodes the file for each. */
export async function further(bench: Bench): Promise<void> {
  for (const name of ['6mp', '24mp'] as const) {
    await scoped((owner) => furtherOf(bench, owner, name));
  }
  await scoped((owner) => variants(bench, owner));
}

async function furtherOf(bench: Bench, owner: Owner, name: keyof typeof goals): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, name);
  const contenders = [await startImgwire(owner, folder), await startSharp(owner, folder)];
  for (const contender of contenders) await contender.prepare([file]);
  const { rounds, seconds } = turns(bench);
  const perTurn = 600 * seconds;
  for (const { from, to, hasGoal } of ranges) {
    const lists = Array.from({ length: rounds + 1 }, (_, round) =>
      furtherSizes(file, perTurn, round * perTurn, { from, to }),
    );
    const what = `further sizes of ${from} to ${to - 1} px of one photograph, ${label}`;
    reportRace(bench, what, await race(bench, contenders, lists), hasGoal ? { 'bare sharp': goals[name] } : {});
  }
  await checkBytes(bench, owner, folder, label, furtherSizes(file, checked, 0, { from: 240, to: 1600 }));
}

/** Results that are compared byte by byte. */
const checked = 20;

/** What comes from a kept level beside what comes from the file. */
async function checkBytes(bench: Bench, owner: Owner, folder: string, label: string, pictures: Picture[]) {
  const kept = await startImgwire(owner, folder);
  const direct = await startImgwire(owner, folder, { IMGWIRE_CACHE_LEVEL_BYTES: '0' });
  let equal = 0;
  for (const contender of [kept, direct]) await contender.prepare(pictures.map(({ file }) => file).slice(0, 1));
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

const widths = [320, 480, 640, 960, 1280];

/** Five sizes of a file that is not known yet in one request, beside five requests for files that are not known yet. */
async function variants(bench: Bench, owner: Owner): Promise<void> {
  const folder = await sourceFolder(owner);
  const source = await makeSource(folder, bench.image, '6mp');
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
  const what = 'five sizes of a photograph by variants, beside five cold requests';
  reportRatio(bench, what, 'images/s', compared, 2);
}
