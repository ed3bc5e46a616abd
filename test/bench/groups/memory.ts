import { setTimeout as delay } from 'node:timers/promises';
import type { Owner } from '../../helpers/owner.ts';
import type { Picture } from '../contenders/contender.ts';
import { startImgwire } from '../contenders/imgwire.ts';
import { allNames, type Name, startContenders } from '../contenders/start-contenders.ts';
import { perSecond, walk } from '../load/wrk.ts';
import { type Bench, percentile } from '../measure.ts';
import { uniquePictures } from '../picture-lists.ts';
import { type Memory, memoryOfTree, waitUntilIdle } from '../process-tree.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, sourceFolder } from '../sources.ts';

/** Memory of all processes of each contender, at rest and under load, and growth of ours over a long run. */
export async function memory(bench: Bench): Promise<void> {
  for (const name of allNames) await scoped((owner) => atRestAndUnderLoad(bench, owner, name));
  await scoped((owner) => inTheLongRun(bench, owner));
}

const maxRestMb = 300;

const sampleMs = 100;

async function atRestAndUnderLoad(bench: Bench, owner: Owner, name: Name): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, '6mp');
  const [contender] = await startContenders(owner, folder, [name]);
  if (!contender) return;
  await waitUntilIdle(contender.pid);
  const rest = await memoryOfTree(contender.pid);
  await contender.prepare([file]);

  const samples: Memory[] = [];
  let isOver = false;
  const pictures = uniquePictures(file, 600 * bench.seconds, 0);
  const load = contender.run(pictures, 2 * bench.seconds).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    samples.push(await memoryOfTree(contender.pid));
    await delay(sampleMs);
  }
  const rate = perSecond(await load);
  const peak = (kind: keyof Memory) =>
    percentile(
      samples.map((sample) => sample[kind]),
      1,
    );
  const shown = (pss: number, rss: number) => `${pss.toFixed(0)} MB (RSS ${rss.toFixed(0)})`;
  const isOurs = name === 'imgwire';
  bench.report({
    what: `memory of all processes, ${name}: at rest | peak while resizing ${label}`,
    ours: `${shown(rest.pss, rest.rss)} | ${shown(peak('pss'), peak('rss'))}`,
    reference: '',
    result: `at ${rate.toFixed(0)} /s`,
    goal: isOurs ? `RSS at rest < ${maxRestMb} MB` : '',
    met: !isOurs || rest.rss < maxRestMb,
  });
}

const images = 200;
const earlyRequests = 1000;
const allRequests = 10_000;
const longRunRatio = 1.3;

/** Time for freed memory to return to the system. */
const idleMs = 5000;

async function inTheLongRun(bench: Bench, owner: Owner): Promise<void> {
  const folder = await sourceFolder(owner);
  const source = await makeSource(folder, bench.image, '1200px');
  const imgwire = await startImgwire(owner, folder);
  const files = await copiesOf(source, folder, 'memory', images);
  await imgwire.prepare(files);
  const paths = mixedPaths(files, allRequests).map((request) =>
    typeof request === 'string'
      ? request
      : 'original' in request
        ? imgwire.originalPath(request.original)
        : imgwire.path(request),
  );
  const memoryAfter = async (from: number, to: number) => {
    await walk(imgwire.origin, paths.slice(from, to), 600);
    await waitUntilIdle(imgwire.pid);
    await delay(idleMs);
    return (await memoryOfTree(imgwire.pid)).pss;
  };
  const early = await memoryAfter(0, earlyRequests);
  const final = await memoryAfter(earlyRequests, allRequests);
  const ratio = final / early;
  bench.report({
    what: `memory of all processes after ${allRequests} mixed requests, vs after the first ${earlyRequests}`,
    ours: `${final.toFixed(0)} MB`,
    reference: `${early.toFixed(0)} MB`,
    result: ratio.toFixed(2),
    goal: `≤ ${longRunRatio}`,
    met: ratio <= longRunRatio,
  });
}

/** Per twenty requests: fourteen sizes as JPEG, two as WebP, one as AVIF, one repeated size, an original and a list. */
function mixedPaths(files: readonly string[], count: number): (string | Picture | { original: string })[] {
  const file = (index: number) => files[(index * 7) % files.length] as string;
  const sized = (index: number): Picture => ({ file: file(index), width: 100 + (index % 1000), quality: 80 });
  return Array.from({ length: count }, (_, index) => {
    const kind = index % 20;
    if (kind === 0) return '/images?limit=20';
    if (kind === 1) return { original: file(index) };
    if (kind === 2) return { ...sized(index), width: 240, format: 'avif' as const };
    if (kind === 3) return { file: file(0), width: 640, quality: 80 };
    if (kind < 6) return { ...sized(index), format: 'webp' as const };
    return sized(index);
  });
}
