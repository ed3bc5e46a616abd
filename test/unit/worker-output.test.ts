import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { forwardOutput } from '../../src/gateway/workers/worker-output.ts';
import { createLog, destinationOf } from '../../src/log.ts';

/** What a process that runs this script adds to the log and to stderr. */
async function forward(script: string): Promise<{ log: string; errors: string }> {
  const log = createLog('info', 'gateway');
  const destination = destinationOf(log);
  const passed = { log: '', errors: '' };
  destination.write = (lines) => {
    passed.log += lines;
  };
  destination.errors.write = (lines) => {
    passed.errors += lines;
  };
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  forwardOutput(child, log);
  await once(child, 'close');
  return passed;
}

test('forwards log lines unchanged, however the writes are split', async () => {
  const script = `const { writeSync } = require('node:fs');
    for (const byte of Buffer.from('{"msg":"ä"}\\n{"msg":"b"}\\n')) writeSync(1, Buffer.of(byte));`;
  assert.deepEqual(await forward(script), { log: '{"msg":"ä"}\n{"msg":"b"}\n', errors: '' });
});

test('forwards other text to stderr, whichever output it came from', async () => {
  const script = `const { writeSync } = require('node:fs');
    writeSync(1, '{"msg":"a"}\\nVIPS-WARNING\\n{"msg":"b"}\\n');
    writeSync(2, 'free(): invalid pointer\\n');`;
  const { log, errors } = await forward(script);
  assert.equal(log, '{"msg":"a"}\n{"msg":"b"}\n');
  assert.deepEqual(errors.split('\n').sort(), ['', 'VIPS-WARNING', 'free(): invalid pointer']);
});

test("keeps a line truncated by the process's death out of the log", async () => {
  const script = `require('node:fs').writeSync(1, '{"msg":"a"}\\n{"msg":'); process.kill(process.pid, 'SIGKILL');`;
  assert.deepEqual(await forward(script), { log: '{"msg":"a"}\n', errors: '{"msg":\n' });
});
