import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Memory {
  /** Proportional set size in MB: counts shared pages once. */
  pss: number;
  /** Resident set size in MB: counts shared pages once per process. */
  rss: number;
}

/** Sums the memory of a process and all its descendants. */
export async function memoryOfTree(pid: number): Promise<Memory> {
  const each = await Promise.all(
    (await treeOf(pid)).map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')),
  );
  const sum = (name: string) =>
    each.reduce((total, text) => total + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0), 0) /
    1000;
  return { pss: sum('Pss'), rss: sum('Rss') };
}

const checkMs = 100;
const timeoutMs = 5000;

/**
 * Waits until a process tree is idle, so that leftover work does not slow down the next turn. Gives up
 * after `timeoutMs`.
 */
export async function waitUntilIdle(pid: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let before = Number.NaN;
  for (let now = await ticksOf(pid); now > before + 1 || Number.isNaN(before); now = await ticksOf(pid)) {
    if (performance.now() > deadline) return;
    before = now;
    await delay(checkMs);
  }
}

const msPerTick = 10;

/** CPU time of each process's main thread in milliseconds, by process id. */
export async function mainThreadTimes(pid: number): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  for (const one of await treeOf(pid)) {
    const { ticks } = parseStat(await readFile(`/proc/${one.pid}/task/${one.pid}/stat`, 'utf8'));
    times.set(one.pid, ticks * msPerTick);
  }
  return times;
}

/** CPU time of a process and all its descendants, in milliseconds. */
export const cpuTimeOf = async (pid: number) => msPerTick * (await ticksOf(pid));

const ticksOf = async (pid: number) => (await treeOf(pid)).reduce((total, { ticks }) => total + ticks, 0);

async function treeOf(root: number): Promise<{ pid: number; ticks: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return { pid: Number(pid), ...parseStat(stat) };
    }),
  );
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/**
 * proc_pid_stat(5): after the name, which may contain anything: state, parent, …, and as fields 14 and 15
 * utime and stime.
 */
function parseStat(stat: string): { parent: number; ticks: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}
