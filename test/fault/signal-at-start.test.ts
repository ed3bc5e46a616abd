import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { command, nodeFlags } from '../helpers/command.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { isRunning, signalWorker } from '../helpers/workers.ts';

async function start(t: TestContext) {
  const folder = await temporaryFolder(t, 'start');
  const child = spawn(process.execPath, [...nodeFlags, command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      TMPDIR: folder,
      IMGWIRE_PORT: '0',
      IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
      IMGWIRE_DATA_DIR: join(folder, 'data'),
      IMGWIRE_WORKERS: '2',
    },
  });
  closeWith(t, () => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const log = text(child.stdout).then((lines) =>
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).msg),
  );
  const socketFolders = () => readdirSync(folder).filter((name) => name.startsWith('imgwire-'));
  return { child, exited, log, socketFolders };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(1);
}

/**
 * Whether the mask of caught signals (proc(5)) has SIGHUP, the only one of the three that Node.js does
 * not catch itself.
 */
function catchesSignals({ pid }: ChildProcess): boolean {
  const caught = /^SigCgt:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 1n) !== 0n;
}

const childrenOf = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);

if (existsSync('/proc/self/task')) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`${signal} while workers start exits cleanly, even if one hangs`, async (t) => {
      const { child, exited, log, socketFolders } = await start(t);
      await until(() => socketFolders().length === 1 && childrenOf(child).length === 2);
      const workers = childrenOf(child);
      // The gateway must not wait for a worker that never starts.
      process.kill(workers[0] as number, 'SIGSTOP');
      closeWith(t, () => signalWorker(workers[0] as number, 'SIGKILL'));
      child.kill(signal);
      assert.deepEqual(await exited, [0, null]);
      assert.deepEqual(await log, ['shutting down', 'stopped']);
      assert.deepEqual(socketFolders(), []);
      assert.deepEqual(workers.filter(isRunning), []);
    });
  }

  test('a signal before anything is opened, and a second one, exit cleanly too', async (t) => {
    const { child, exited, log, socketFolders } = await start(t);
    await until(() => catchesSignals(child));
    assert.deepEqual(childrenOf(child), [], 'Expected signals to be caught before workers start');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    assert.deepEqual(await exited, [0, null]);
    assert.deepEqual(await log, ['shutting down', 'shutting down', 'stopped']);
    assert.deepEqual(socketFolders(), []);
  });
}
