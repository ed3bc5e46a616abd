import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { forwardOutput } from '../../src/gateway/workers/worker-output.ts';
import { createLog, destinationOf } from '../../src/log.ts';

/** What a process that runs this script adds to the log and to standard error. */
async function passedOn(script: string): Promise<{ log: string; errors: string }> {
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

test('passes lines of the log on as they are, whatever the writes that they came in', async () => {
  const script = `const { writeSync } = require('node:fs');
    for (const byte of Buffer.from('{"msg":"ä"}\\n{"msg":"b"}\\n')) writeSync(1, Buffer.of(byte));`;
  assert.deepEqual(await passedOn(script), { log: '{"msg":"ä"}\n{"msg":"b"}\n', errors: '' });
});

test('text is no line of the log, whichever output it came from', async () => {
  const script = `const { writeSync } = require('node:fs');
    writeSync(1, '{"msg":"a"}\\nVIPS-WARNING\\n{"msg":"b"}\\n');
    writeSync(2, 'free(): invalid pointer\\n');`;
  const { log, errors } = await passedOn(script);
  assert.equal(log, '{"msg":"a"}\n{"msg":"b"}\n');
  assert.deepEqual(errors.split('\n').sort(), ['', 'VIPS-WARNING', 'free(): invalid pointer']);
});

test('a line that was cut short by the end of the process is not in the log', async () => {
  const script = `require('node:fs').writeSync(1, '{"msg":"a"}\\n{"msg":'); process.kill(process.pid, 'SIGKILL');`;
  assert.deepEqual(await passedOn(script), { log: '{"msg":"a"}\n', errors: '{"msg":\n' });
});
