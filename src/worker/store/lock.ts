import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { systemCode } from './errors.ts';

const touchEveryMs = 1000;
const staleAfterMs = 10_000;

/**
 * Runs work under a lock file, which is touched every second and stale 10 s after its owner has ended. It only avoids
 * duplicate work: in a race for a stale lock, several processes may get it.
 * @returns whether the lock was free
 */
export async function withLock(path: string, work: () => Promise<void>): Promise<boolean> {
  if (!(await acquire(path))) return false;
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, touchEveryMs);
  touching.unref();
  try {
    await work();
  } finally {
    clearInterval(touching);
    await rm(path, { force: true }).catch(() => {});
  }
  return true;
}

async function acquire(path: string): Promise<boolean> {
  if (await create(path)) return true;
  const touchedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  // A time in the future dates from before the clock was set back.
  if (Math.abs(Date.now() - touchedAt) < staleAfterMs) return false;
  await rm(path, { force: true });
  return create(path);
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
