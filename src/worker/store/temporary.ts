import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemCode } from './errors.ts';

const leastAgeMs = 60_000;

/** Creates a name for a temporary file that tells its writer: `<hostname>.<pid>.<uuid>`. */
export function temporaryName(): string {
  return `${hostname()}.${process.pid}.${randomUUID()}`;
}

/**
 * Removes abandoned temporary files: of ended processes of this host, and of any host those older than twice the timeout.
 */
export async function sweepTemporary(folder: string, timeoutMs: number, now = Date.now()): Promise<void> {
  const oldest = now - Math.max(leastAgeMs, 2 * timeoutMs);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (isOrphan(name) || (await changedAt(path)) < oldest) await rm(path, { force: true, recursive: true });
  }
}

function isOrphan(name: string): boolean {
  const [, host, pid] = /^(.+)\.(\d+)\.[^.]+$/.exec(name) ?? [];
  return host === hostname() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, as another user.
    return systemCode(error) !== 'ESRCH';
  }
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    // Finished or swept meanwhile.
    if (systemCode(error) === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}
