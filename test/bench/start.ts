import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, nodeFlags } from '../helpers/command.ts';
import { closeWith, type Owner } from '../helpers/owner.ts';

export interface Started {
  http: string;
  zmq: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the built service. It logs to a file, since the measuring process has no time to drain a pipe.
 * @param flags Node.js flags, which its workers inherit
 */
export async function start(
  owner: Owner,
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Started> {
  const scratch = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  const logFile = join(scratch, 'log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [...nodeFlags, ...flags, command], {
    stdio: ['ignore', log, 'inherit'],
    env: {
      ...process.env,
      IMGWIRE_PORT: '0',
      IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
      IMGWIRE_DATA_DIR: join(scratch, 'data'),
      ...env,
    },
  });
  closeSync(log);
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await exited;
  };
  closeWith(owner, async () => {
    await stop();
    await rm(scratch, { recursive: true, force: true });
  });
  for (;;) {
    const line = readFileSync(logFile, 'utf8')
      .split('\n')
      .find((text) => text.includes('"msg":"ready"'));
    if (line) return { ...JSON.parse(line), pid: child.pid as number, stop };
    if (child.exitCode !== null) throw new Error(`The service ended before it was ready: ${child.exitCode}`);
    await delay(5);
  }
}
