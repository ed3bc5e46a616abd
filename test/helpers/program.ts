import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeWith, type Owner } from './owner.ts';

/** Starts a program and resolves at its first output; stops it after the test. */
export async function startProgram(owner: Owner, file: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  closeWith(owner, async () => {
    child.kill();
    await exited;
  });
  const failed = exited.then(([code, signal]) => {
    throw new Error(`${file} ${args.join(' ')} ended: ${signal ?? code}`);
  });
  failed.catch(() => {});
  await Promise.race([once(child.stdout, 'data'), failed]);
  return child;
}
