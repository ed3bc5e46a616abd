import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = /^imgwire-(\d+)-/;

/**
 * Makes the folder for the sockets between gateway and workers, open to this user alone,
 * and clears away those that gateways have left which are no more.
 */
export function createSocketDir(): { path: string; remove(): void } {
  for (const entry of readdirSync(tmpdir())) {
    const pid = name.exec(entry)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(tmpdir(), entry), { recursive: true, force: true });
  }
  const path = mkdtempSync(join(tmpdir(), `imgwire-${process.pid}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
