import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith } from '../../helpers/owner.ts';
import { type Bench, median, memoryOf, percentile } from '../measure.ts';

export async function temporaryFolder(bench: Bench): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-scale-'));
  closeWith(bench, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const shown = (milliseconds: readonly number[]) =>
  `p50 ${median(milliseconds).toFixed(1)} ms, p99 ${percentile(milliseconds, 0.99).toFixed(1)} ms`;

/** Reports times, those of a smaller state as reference, and the ratio of their medians. */
export function reportTimes(
  bench: Bench,
  what: string,
  ours: readonly number[],
  reference: readonly number[] = [],
  limit = Number.POSITIVE_INFINITY,
): void {
  bench.report({
    what,
    ours: shown(ours),
    reference: reference.length > 0 ? shown(reference) : '',
    result: reference.length > 0 ? (median(ours) / median(reference)).toFixed(2) : '',
    goal: Number.isFinite(limit) ? `< ${limit} ms` : '',
    met: median(ours) < limit,
  });
}

/** Alternates calls of two functions. @returns milliseconds of each call */
export async function takeTurns(
  times: number,
  ours: (time: number) => Promise<unknown>,
  reference: (time: number) => Promise<unknown>,
): Promise<{ ours: number[]; reference: number[] }> {
  const milliseconds = { ours: [] as number[], reference: [] as number[] };
  for (let time = 0; time < times; time += 1) {
    milliseconds.ours.push(await timed(() => ours(time)));
    milliseconds.reference.push(await timed(() => reference(time)));
  }
  return milliseconds;
}

/** Process ids of a process's children, such as the workers. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Largest peak resident memory of any worker, in MB. */
export async function workerPeak(pid: number): Promise<number> {
  const peaks = await Promise.all((await childrenOf(pid)).map(async (child) => (await memoryOf(child)).peak));
  return Math.max(...peaks);
}

/** CPU time of the gateway and of its children, in milliseconds. */
export async function cpuOf(pid: number): Promise<{ gateway: number; workers: number }> {
  const workers = await Promise.all((await childrenOf(pid)).map(ownCpu));
  return { gateway: await ownCpu(pid), workers: workers.reduce((sum, one) => sum + one, 0) };
}

async function ownCpu(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // proc_pid_stat(5): after the name, which may contain spaces; fields 14 and 15 are utime and stime,
  // in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Measures CPU time per operation, which other programs on the machine do not affect. @returns text for the report */
export async function cpuPerOperation(pid: number, count: number, work: () => Promise<unknown>): Promise<string> {
  const before = await cpuOf(pid);
  await work();
  const after = await cpuOf(pid);
  const each = (part: 'gateway' | 'workers') => ((after[part] - before[part]) / count).toFixed(2);
  return `gateway ${each('gateway')} ms, workers ${each('workers')} ms of CPU`;
}
