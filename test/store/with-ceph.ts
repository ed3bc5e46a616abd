import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClosers } from '../helpers/owner.ts';
import { storeVariable } from '../helpers/store.ts';
import { startCeph } from './engines/ceph.ts';

// Runs a test command whose services store in buckets of a private Ceph: with-ceph.ts COMMAND [ARGUMENT…]

const closers = createClosers();
const [command = '', ...args] = process.argv.slice(2);
try {
  const { env } = await startCeph({ after: closers.push });
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, [storeVariable]: JSON.stringify(env) },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await closers.closeAll();
}
