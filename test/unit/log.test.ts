import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const log = new URL('../../src/log.ts', import.meta.url).href;

/** Messages of a process that logs in batches and ends before the batch timer fires. */
function messages(script: string): string[] {
  const source = `const { createLog } = await import('${log}'); const log = createLog('info', 'a', { batchMs: 1e8 }); ${script}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).msg);
}

test('writes pending lines before the process exits', () => {
  assert.deepEqual(messages(`log.info('first'); log.info('last');`), ['first', 'last']);
  assert.deepEqual(messages(`log.info('first'); log.info('last'); process.exit(1);`), ['first', 'last']);
});

test('writes a fatal error and all lines before it at once', () => {
  const script = `log.info('first'); log.fatal('last'); process.kill(process.pid, 'SIGKILL');`;
  assert.deepEqual(messages(script), ['first', 'last']);
});
