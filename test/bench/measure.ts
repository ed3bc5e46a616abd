import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Owner } from '../helpers/owner.ts';
import { endWith } from './end-with.ts';

/** A row of a results table. */
export interface Line {
  what: string;
  ours: string;
  reference: string;
  /** The figure that `goal` applies to, such as a ratio or milliseconds. */
  result: string;
  goal: string;
  met: boolean;
}

export interface Bench extends Owner {
  /** Path of the photograph. */
  image: string;
  /** Turns of each contender. */
  rounds: number;
  /** Length of a turn that is limited by time. */
  seconds: number;
  /** For a first impression: measures less. */
  isQuick: boolean;
  /** Folder of photographs from which to make the gallery; generated ones by default. */
  photographs?: string | undefined;
  report(line: Line): void;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

export interface Comparison {
  ours: number;
  reference: number;
  /** Median of the per-round ratios, since a disturbance in a round affects both. */
  ratio: number;
  /** Smallest and largest per-round ratio. */
  spread: readonly [number, number];
}

export function summarize(ours: readonly number[], reference: readonly number[]): Comparison {
  const ratios = ours.map((one, round) => one / (reference[round] ?? Number.NaN));
  return {
    ours: median(ours),
    reference: median(reference),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  };
}

/** Runs two contenders in turns, alternating which goes first, and compares the figures that they return. */
export async function compare(
  rounds: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Comparison> {
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

interface Labels {
  /** Name of the reference, unless the line says it. */
  name?: string;
  /** Further figures to print with each rate. */
  notes?: { ours: string; reference: string };
}

/**
 * Reports a rate and its reference, the median of the per-round ratios, and their spread.
 * @param goal least ratio; omitted for information only
 */
export function reportRatio(
  bench: Bench,
  what: string,
  unit: string,
  { name, notes, ours, reference, ratio, spread }: Comparison & Labels,
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

/** Reports a figure without a goal. */
export function reportValue(bench: Bench, what: string, value: string): void {
  bench.report({ what, ours: value, reference: '', result: '', goal: '', met: true });
}

/** Runs `count` operations, `concurrency` at a time. @returns operations per second */
export async function measureRate(
  count: number,
  concurrency: number,
  operation: (index: number) => Promise<unknown>,
): Promise<number> {
  let begun = 0;
  const started = performance.now();
  const one = async () => {
    while (begun < count) await operation(begun++);
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return (count * 1000) / (performance.now() - started);
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Sends a request over a keep-alive connection. @throws Error if the connection fails */
export function sendRequest(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
) {
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

/** Sends a request. @returns the body @throws Error for a status of 400 or above */
export async function fetchOk(url: string, options?: Parameters<typeof sendRequest>[1]): Promise<Buffer> {
  const { status, body } = await sendRequest(url, options);
  if (status >= 400) throw new Error(`Expected a success from ${url} but received ${status}: ${body}`);
  return body;
}

export interface Reference {
  child: ChildProcess;
  /** The first message of the process. */
  hello: Record<string, string>;
  /** Sends a task and waits for the result. */
  ask<T>(message: object): Promise<T>;
}

/**
 * Starts `references/NAME.ts` in a process of its own and waits for its first message.
 * @param niceness added to its nice value
 */
export async function startReference(owner: Owner, name: string, args: string[], niceness = 0): Promise<Reference> {
  const entry = fileURLToPath(new URL(`./references/${name}.ts`, import.meta.url));
  const execArgv = ['-n', String(niceness), process.execPath, '--import', 'tsx'];
  const child = fork(entry, args, { execPath: 'nice', execArgv });
  endWith(owner, child, () => child.kill());
  const [hello] = await once(child, 'message');
  return {
    child,
    hello,
    async ask(message) {
      child.send(message);
      const [answer] = await once(child, 'message');
      return answer;
    },
  };
}

/** Current and peak resident memory of a process in MB. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Requests a URL one at a time until concurrent work is done. @returns latencies in milliseconds */
export async function latenciesDuring(url: string, work: Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  while (!done) {
    const start = performance.now();
    await fetchOk(url);
    milliseconds.push(performance.now() - start);
  }
  await finished;
  return milliseconds;
}
