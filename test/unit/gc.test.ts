import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGc, gcFlags } from '../../src/gc.ts';
import { nodeFlags } from '../helpers/command.ts';

test('npm start passes the flags to node', () => {
  assert.deepEqual(nodeFlags, gcFlags);
});

test('collects every few megabytes of frames, and never without the flags', async () => {
  let collections = 0;
  const gc = createGc((async () => {
    collections += 1;
  }) as unknown as typeof globalThis.gc);
  const frame = Buffer.alloc(1_048_576);
  for (let count = 0; count < 8; count += 1) gc.countFrames([frame]);
  await new Promise(setImmediate);
  assert.equal(collections, 2);
  const without = createGc(undefined);
  without.countFrames([Buffer.alloc(8_388_608)]);
  without.startIdleGc(() => 0)();
});

/** Keeps the buffers alive, so that none is collected while a test counts collections. */
const retained: Buffer[] = [];

for (const [what, isKept] of [
  ['collects once when idle with much garbage', false],
  ['does not collect for memory still in use', true],
] as const) {
  test(what, (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    let collections = 0;
    const gc = createGc((() => {
      collections += 1;
    }) as unknown as typeof globalThis.gc);
    let bytes = 0;
    const stop = gc.startIdleGc(
      () => 0,
      () => (isKept ? bytes : 0),
    );
    bytes = 33_554_432;
    retained.push(Buffer.allocUnsafeSlow(bytes));
    for (let second = 0; second < 4; second += 1) t.mock.timers.tick(1000);
    stop();
    assert.equal(collections, isKept ? 0 : 1);
  });
}

/** Waits in a program for a buffer to be freed: after a collection V8 does that in a thread of its own. */
const waitUntilBelow = (bytes: string) => `
    for (let count = 0; count < 200 && process.memoryUsage().arrayBuffers >= ${bytes}; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }`;

test('frees the buffers of past frames before the heap grows', async () => {
  const program = `
    import { createGc } from ${JSON.stringify(fileURLToPath(new URL('../../src/gc.ts', import.meta.url)))};
    const gc = createGc();
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 64; count += 1) {
      gc.countFrames([Buffer.allocUnsafeSlow(1_048_576)]);
      await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
    ${waitUntilBelow('before + 8_388_608')}
    console.log((process.memoryUsage().arrayBuffers - before) / 1_048_576);`;
  const args = [...gcFlags, '--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.ok(Number(stdout) < 8, `${stdout} of 64 frames remain`);
});

test('provides a collection by hand at run time if node was started without the flags', async () => {
  const program = `
    const { setGcFlags } = await import('${new URL('../../src/gc.ts', import.meta.url)}');
    setGcFlags();
    let frame = new ArrayBuffer(8e6);
    frame = undefined;
    await new Promise(setImmediate);
    await globalThis.gc({ type: 'minor', execution: 'sync' });
    ${waitUntilBelow('8e6')}
    console.log(process.memoryUsage().arrayBuffers < 8e6);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  assert.equal((await promisify(execFile)(process.execPath, args)).stdout, 'true\n');
});
