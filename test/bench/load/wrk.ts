import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Turn {
  answered: number;
  seconds: number;
}

export const perSecond = ({ answered, seconds }: Turn) => answered / seconds;

/** Requests in flight, as many connections. */
export const connections = 6;

/** @throws Error that says what to install, where wrk is missing */
export async function requireWrk(): Promise<void> {
  await run('wrk', ['-v']).catch((error: NodeJS.ErrnoException) => {
    // It ends with 1 when asked for its version.
    if (error.code === 'ENOENT') throw new Error('Expected wrk on the path: install the Debian package wrk');
  });
}

/**
 * Asks for each path once, in order, until all are answered or the time is up.
 * @throws Error for any answer but 200
 */
export async function walk(origin: string, paths: readonly string[], seconds: number): Promise<Turn> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  try {
    const file = join(folder, 'paths');
    await writeFile(file, `${paths.join('\n')}\n`);
    return await turnOf(['-s', script('walk'), `-d${Math.ceil(seconds) + 60}`, origin, '--', file, String(seconds)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns answers a second of one address */
export async function repeat(url: string, seconds: number, headers: Record<string, string> = {}): Promise<number> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return perSecond(await turnOf(['-s', script('repeat'), `-d${seconds}`, ...fields, url]));
}

const script = (name: string) => fileURLToPath(new URL(`${name}.lua`, import.meta.url));

async function turnOf(args: readonly string[]): Promise<Turn> {
  const threads = ['-t1', `-c${connections}`, '--timeout', '60'];
  const { stdout } = await run('wrk', [...threads, ...args]).catch((error) => error as { stdout: string });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  const { answered, seconds, failed = 0 } = JSON.parse(line ?? '{}');
  if (!answered || failed > 0) throw new Error(`Expected answers from ${args.at(-1)} but received ${line ?? stdout}`);
  return { answered, seconds };
}
