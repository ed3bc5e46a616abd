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

/** A script in place of the one that draws; its process writes its id into a file first. */
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

/** A log that tells of a line. */
function listeningLog(message: string) {
  const told = deferred();
  const hear = (_: unknown, text: string) => {
    if (text === message) told.resolve();
  };
  return { log: { debug: hear, info: hear, warn: hear, error: hear } as unknown as Logger, told: told.promise };
}

test('a process that does not start in time is ended, and the request told to come again', async (t) => {
  const { entry, pid } = await scriptOf(t, 'setInterval(() => {}, 1000);');
  const { log, told } = listeningLog('isolated process ended');
  const isolation = createIsolation({ timeoutMs: 60_000, startTimeoutMs: 2000, entry, log });
  closeWith(t, () => isolation.close());
  await assert.rejects(isolation.run('inspect', [svg, limits]), {
    code: 'overloaded',
    message: /did not start in time/,
  });
  await told;
  assert.ok(process.platform !== 'linux' || !existsSync(`/proc/${pid()}`));
});

test('a process that ends while it starts is noticed at once', async (t) => {
  const { entry } = await scriptOf(t, 'process.exit(1);');
  const { log } = listeningLog('isolated process ended');
  const isolation = createIsolation({ timeoutMs: 600_000, entry, log });
  closeWith(t, () => isolation.close());
  await assert.rejects(isolation.run('inspect', [svg, limits]), { code: 'overloaded' });
});

test('a task whose process is killed from outside twice is not to blame', async (t) => {
  const script = "process.send({ type: 'ready' }); process.on('message', () => process.kill(process.pid, 'SIGKILL'));";
  const { entry } = await scriptOf(t, script);
  const { log } = listeningLog('isolated process lost');
  const isolation = createIsolation({ timeoutMs: 60_000, entry, log });
  closeWith(t, isolation.close);
  await assert.rejects(isolation.run('inspect', [svg, limits]), { code: 'worker_lost' });
});
