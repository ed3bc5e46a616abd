import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startImgwire } from '../contenders/imgwire.ts';
import { mainThreadTimes, waitUntilIdle } from '../process-tree.ts';
import { scoped } from '../scope.ts';
import { copiesOf, makeSource, sourceFolder } from '../sources.ts';
import { type CpuProfile, readProfile, selfTimes } from './cpu-profile.ts';
import { flameGraph } from './flame-graph.ts';

const requests = 1500;

const printedFunctions = 20;

/** Allowance between the last answer and the end of the processes. */
const endSeconds = 1;

/**
 * Profiles the main threads of gateway and workers, that is the work around the codec, while they answer requests for
 * small cold files. Writes profiles (for Chromium's developer tools) and flame graphs into the folder, and prints the
 * functions with the most time per request.
 */
export async function profile(image: string, folder: string): Promise<void> {
  const out = resolve(folder);
  await mkdir(out, { recursive: true });
  const { gateway, seconds, times } = await scoped(async (owner) => {
    const sources = await sourceFolder(owner);
    const source = await makeSource(sources, image, '1200px');
    const imgwire = await startImgwire(owner, sources, {}, ['--cpu-prof', `--cpu-prof-dir=${out}`]);
    const files = await copiesOf(source, sources, 'profile', requests);
    await imgwire.prepare(files);
    await waitUntilIdle(imgwire.pid);
    await delay(endSeconds * 1000);
    const before = await mainThreadTimes(imgwire.pid);
    const pictures = files.map((file) => ({ file, width: 720, quality: 80 }));
    const { seconds } = await imgwire.run(pictures, 600);
    const after = await mainThreadTimes(imgwire.pid);
    const times = new Map([...after].map(([pid, time]) => [pid, time - (before.get(pid) ?? 0)]));
    return { gateway: imgwire.pid, seconds, times };
  });
  const names = await readdir(out);
  let workers = 0;
  for (const [pid, time] of times) {
    const file = names.find((name) => name.startsWith('CPU.') && name.includes(`.${pid}.`));
    if (file === undefined) throw new Error(`Expected a profile of process ${pid}`);
    const name = pid === gateway ? 'gateway' : `worker-${workers++}`;
    await rename(join(out, file), join(out, `${name}.cpuprofile`));
    await reportProfile(out, name, seconds + endSeconds, time);
  }
}

/** @param time CPU time of its main thread, which is more accurate than the profile while other programs run */
async function reportProfile(folder: string, name: string, seconds: number, time: number): Promise<void> {
  const text = await readFile(join(folder, `${name}.cpuprofile`), 'utf8');
  const root = readProfile(JSON.parse(text) as CpuProfile, seconds);
  const perRequest = (part: number) => `${((part * time) / requests).toFixed(3)} ms`;
  const title = `${name}: ${perRequest(1)} of main-thread CPU time for each of ${requests} requests`;
  await writeFile(join(folder, `${name}.svg`), flameGraph(root, title));
  const lines = selfTimes(root)
    .slice(0, printedFunctions)
    .map(([frame, own]) => `  ${perRequest(own / root.total)}  ${frame}`);
  process.stdout.write(`${[title, ...lines].join('\n')}\n`);
}
