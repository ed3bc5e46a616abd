import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Owner } from '../../helpers/owner.ts';
import { endWith } from '../end-with.ts';

const startTimeoutMs = 30_000;

export interface PeerProcess {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  /** URL that answers once the peer is ready. */
  ready: string;
}

/**
 * Nice value of imgwire's image threads (src/worker/priority.ts). Contenders get the same, so that other programs on
 * the machine slow all of them down alike.
 */
export const niceness = 8;

/** Starts a service with its log discarded, and waits until it answers. @returns its process id */
export async function startPeer(owner: Owner, { command, args, env, ready }: PeerProcess): Promise<number> {
  const log = openSync('/dev/null', 'w');
  const child = spawn('nice', ['-n', String(niceness), command, ...args], {
    // A process group, since thumbor's processes outlive their parent.
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  endWith(owner, child, () => process.kill(-(child.pid as number), 'SIGKILL'));
  const deadline = performance.now() + startTimeoutMs;
  while (
    !(await fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`Expected ${command} to answer ${ready}`);
    await delay(50);
  }
  return child.pid as number;
}
