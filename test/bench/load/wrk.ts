import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RunResult {
  answered: number;
  seconds: number;
}

export const perSecond = ({ answered, seconds }: RunResult) => answered / seconds;

/** Connections, with one request in flight each. */
export const connections = 6;

/** @throws Error that says what to install if wrk is missing */
export async function requireWrk(): Promise<void> {
  await run('wrk', ['-v']).catch((error: NodeJS.ErrnoException) => {
    // `wrk -v` exits with 1.
    if (error.code === 'ENOENT') throw new Error('Expected wrk on the path: install the Debian package wrk');
  });
}

/**
 * Requests each path once, in order, until the list or the time ends, and waits for outstanding answers.
 * @throws Error for any status other than 200
 */
export async function walk(origin: string, paths: readonly string[], seconds: number): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  try {
    const file = join(folder, 'paths');
    await writeFile(file, `${paths.join('\n')}\n`);
    return await runWrk(['-s', script('walk'), `-d${Math.ceil(seconds) + 60}`, origin, '--', file, String(seconds)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Requests one URL repeatedly. @returns answers per second */
export async function repeat(url: string, seconds: number, headers: Record<string, string> = {}): Promise<number> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return perSecond(await runWrk(['-s', script('repeat'), `-d${seconds}`, ...fields, url]));
}

const script = (name: string) => fileURLToPath(new URL(`${name}.lua`, import.meta.url));

async function runWrk(args: readonly string[]): Promise<RunResult> {
  const threads = ['-t1', `-c${connections}`, '--timeout', '60'];
  const { stdout } = await run('wrk', [...threads, ...args]).catch((error) => error as { stdout: string });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  const { answered, seconds, failed = 0 } = JSON.parse(line ?? '{}');
  if (!answered || failed > 0) throw new Error(`Expected answers from ${args.at(-1)} but received ${line ?? stdout}`);
  return { answered, seconds };
}
