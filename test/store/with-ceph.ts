import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { storeVariable } from '../helpers/store.ts';
import { startCeph } from './engines/ceph.ts';

// Runs a command whose tests start their services with buckets of a Ceph of their own: with-ceph.ts COMMAND [ARGUMENT…]

const closers: (() => unknown)[] = [];
const [command = '', ...args] = process.argv.slice(2);
try {
  const { env } = await startCeph({ after: (close) => closers.unshift(close) });
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, [storeVariable]: JSON.stringify(env) },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  for (const close of closers) await close();
}
