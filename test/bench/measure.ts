import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Owner } from '../helpers/owner.ts';
import { endWith } from './end-with.ts';

/** A line of the table. */
export interface Line {
  what: string;
  ours: string;
  reference: string;
  /** What the goal is about: a ratio, milliseconds, or whatever `goal` says. */
  result: string;
  goal: string;
  met: boolean;
}

export interface Bench extends Owner {
  /** The photograph. */
  image: string;
  /** Times that each contender takes its turn. */
  rounds: number;
  /** Seconds of one turn where time is what bounds it. */
  seconds: number;
  /** Whether this is a first impression, with fewer lines. */
  isQuick: boolean;
  /** Folder of photographs that the gallery is made from; those that are made here where nothing is said. */
  photographs?: string | undefined;
  report(line: Line): void;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

export interface Compared {
  ours: number;
  reference: number;
  /** Median of the rounds' own ratios: what disturbs a round disturbs both. */
  ratio: number;
  /** The smallest and the largest ratio of a round. */
  spread: readonly [number, number];
}

export function summarize(ours: readonly number[], reference: readonly number[]): Compared {
  const ratios = ours.map((one, round) => one / (reference[round] ?? Number.NaN));
  return {
    ours: median(ours),
    reference: median(reference),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  };
}

/** Has two contenders take turns, the first one of a round in turn as well, and compares what each reaches. */
export async function compare(
  rounds: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Compared> {
  await ours();
  await reference();
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const one = await ours();
      pairs.push([one, await reference()]);
    } else {
      const other = await reference();
      pairs.push([await ours(), other]);
    }
  }
  return summarize(
    pairs.map(([one]) => one),
    pairs.map(([, other]) => other),
  );
}

interface Named {
  /** What the reference is, where the line does not say it. */
  name?: string;
  /** What else is known of both. */
  notes?: { ours: string; reference: string };
}

/**
 * Reports a rate beside another: the median of the rounds' ratios, and their spread.
 * @param goal the least ratio; none where the figure is only to be known
 */
export function reportRatio(
  bench: Bench,
  what: string,
  unit: string,
  { name, notes, ours, reference, ratio, spread }: Compared & Named,
  goal?: number,
): void {
  const shown = (value: number, note?: string) =>
    `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}${note === undefined ? '' : `, ${note}`}`;
  bench.report({
    what,
    ours: shown(ours, notes?.ours),
    reference: `${name === undefined ? '' : `${name} `}${shown(reference, notes?.reference)}`,
    result: `${ratio.toFixed(2)} (${spread.map((value) => value.toFixed(2)).join('–')})`,
    goal: goal === undefined ? '' : `≥ ${goal}`,
    met: goal === undefined || ratio >= goal,
  });
}

/** A figure that is only to be known. */
export function reportValue(bench: Bench, what: string, value: string): void {
  bench.report({ what, ours: value, reference: '', result: '', goal: '', met: true });
}

/** Runs `count` operations, `atOnce` at a time. @returns operations a second */
export async function rate(
  count: number,
  atOnce: number,
  operation: (index: number) => Promise<unknown>,
): Promise<number> {
  let begun = 0;
  const started = performance.now();
  const one = async () => {
    while (begun < count) await operation(begun++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (count * 1000) / (performance.now() - started);
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One request over a kept connection. @throws Error where it fails */
export function http(url: string, options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}) {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise<{ status: number; body: Buffer; headers: Record<string, unknown> }>((resolve, reject) => {
    const sent = request(
      url,
      { method, agent, headers: { ...headers, ...(body && { 'content-length': body.length }) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headers: response.headers }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function ok(url: string, options?: Parameters<typeof http>[1]): Promise<Buffer> {
  const { status, body } = await http(url, options);
  if (status >= 400) throw new Error(`Expected a success from ${url} but received ${status}: ${body}`);
  return body;
}

export interface Reference {
  child: ChildProcess;
  /** What it said first. */
  first: Record<string, string>;
  ask<T>(message: object): Promise<T>;
}

/**
 * Starts a reference as a process of its own.
 * @param niceness of a contender
 */
export async function startReference(owner: Owner, name: string, args: string[], niceness = 0): Promise<Reference> {
  const entry = fileURLToPath(new URL(`./references/${name}.ts`, import.meta.url));
  const execArgv = ['-n', String(niceness), process.execPath, '--import', 'tsx'];
  const child = fork(entry, args, { execPath: 'nice', execArgv });
  endWith(owner, child, () => child.kill());
  const [first] = await once(child, 'message');
  return {
    child,
    first,
    async ask(message) {
      child.send(message);
      const [answer] = await once(child, 'message');
      return answer;
    },
  };
}

/** Memory of a process in MB: what it has now, and the most that it had. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Latencies of one address, asked again and again until the work beside it is done, in milliseconds. */
export async function latenciesDuring(url: string, work: Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  while (!done) {
    const start = performance.now();
    await ok(url);
    milliseconds.push(performance.now() - start);
  }
  await finished;
  return milliseconds;
}
