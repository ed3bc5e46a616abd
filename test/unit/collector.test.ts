import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createCollector } from '../../src/collector.ts';

const frameBytes = 1_048_576;

test('images that have passed are freed without waiting for the heap to grow', async () => {
  const collector = createCollector();
  collector.collectAll();
  const before = process.memoryUsage().arrayBuffers;

  for (let count = 0; count < 8; count += 1) {
    collector.passed([Buffer.allocUnsafeSlow(frameBytes)]);
    await delay(10);
  }

  const left = process.memoryUsage().arrayBuffers - before;
  assert.ok(left < 4 * frameBytes, `${left} bytes are left of ${8 * frameBytes}`);
});
