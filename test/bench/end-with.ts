import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeWith, type Owner } from '../helpers/owner.ts';

/** Ends a process with its owner, and with this process. */
export function endWith(owner: Owner, child: ChildProcess, kill: () => unknown): void {
  const end = () => {
    if (child.exitCode === null && child.signalCode === null) kill();
  };
  process.once('exit', end);
  closeWith(owner, async () => {
    process.off('exit', end);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    kill();
    await exited;
  });
}
