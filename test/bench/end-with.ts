import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeWith, type Owner } from '../helpers/owner.ts';

/** Kills a child process when its owner closes, or when this process exits. */
export function endWith(owner: Owner, child: ChildProcess, kill: () => unknown): void {
  const killIfRunning = () => {
    if (child.exitCode === null && child.signalCode === null) kill();
  };
  process.once('exit', killIfRunning);
  closeWith(owner, async () => {
    process.off('exit', killIfRunning);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    kill();
    await exited;
  });
}
