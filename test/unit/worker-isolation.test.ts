import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import type { Logger } from '../../src/log.ts';
import { createIsolation } from '../../src/worker/images/isolation.ts';
import { svg } from '../helpers/images.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 1_000_000 };

/** Replaces the process's entry file by a script that first writes its process id into a file. */
async function scriptOf(t: TestContext, body: string) {
  const folder = await temporaryFolder(t, 'isolation');
  const [entry, pidFile] = [join(folder, 'entry.mjs'), join(folder, 'pid')];
  await writeFile(
    entry,
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${body}`,
  );
  return { entry, pid: () => Number(readFileSync(pidFile, 'utf8')) };
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A log, and a promise that resolves with a line of this message. */
function observedLog(message: string) {
  const logged = deferred();
  const write = (_: unknown, text: string) => {
    if (text === message) logged.resolve();
  };
  return { log: { debug: write, info: write, warn: write, error: write } as unknown as Logger, logged: logged.promise };
}

test('kills a process that does not start in time, and answers overloaded', async (t) => {
  const { entry, pid } = await scriptOf(t, 'setInterval(() => {}, 1000);');
  const { log, logged } = observedLog('isolated process ended');
  const isolation = createIsolation({ timeoutMs: 60_000, startTimeoutMs: 2000, entry, log });
  closeWith(t, () => isolation.close());
  await assert.rejects(isolation.run('inspect', [svg, limits]), {
    code: 'overloaded',
    message: /did not start/,
  });
  await logged;
  assert.ok(process.platform !== 'linux' || !existsSync(`/proc/${pid()}`));
});

test('notices at once that a process exits while it starts, and logs it', async (t) => {
  const { entry } = await scriptOf(t, 'process.exit(1);');
  const { log, logged } = observedLog('isolated process failed');
  const isolation = createIsolation({ timeoutMs: 600_000, entry, log });
  closeWith(t, () => isolation.close());
  await assert.rejects(isolation.run('inspect', [svg, limits]), { code: 'overloaded' });
  await logged;
});

test('starts with the options of Node.js in the environment, in which Yarn has its hook, and without our settings', async (t) => {
  const script = `
    const { NODE_OPTIONS = '', IMGWIRE_SIGNING_KEYS = '' } = process.env;
    process.send({ type: 'ready' });
    process.on('message', () => process.send({ type: 'done', value: [NODE_OPTIONS, IMGWIRE_SIGNING_KEYS] }));`;
  const { entry } = await scriptOf(t, script);
  const { log } = observedLog('');
  const variables = { NODE_OPTIONS: '--no-warnings', IMGWIRE_SIGNING_KEYS: 'secret' };
  const { NODE_OPTIONS } = process.env;
  Object.assign(process.env, variables);
  closeWith(t, () => {
    delete process.env.IMGWIRE_SIGNING_KEYS;
    if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = NODE_OPTIONS;
  });
  const isolation = createIsolation({ timeoutMs: 60_000, entry, log });
  closeWith(t, isolation.close);
  assert.deepEqual(await isolation.run('inspect', [svg, limits]), ['--no-warnings', '']);
});

test('does not blame a task whose process was killed from outside twice', async (t) => {
  const script = "process.send({ type: 'ready' }); process.on('message', () => process.kill(process.pid, 'SIGKILL'));";
  const { entry } = await scriptOf(t, script);
  const { log } = observedLog('isolated process lost');
  const isolation = createIsolation({ timeoutMs: 60_000, entry, log });
  closeWith(t, isolation.close);
  await assert.rejects(isolation.run('inspect', [svg, limits]), { code: 'worker_lost' });
});
