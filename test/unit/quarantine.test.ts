import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subject } from '../../src/gateway/dispatch/job.ts';
import { createQuarantine } from '../../src/gateway/dispatch/quarantine.ts';

const on = (image: string | Buffer, work = 'resize?width=1', watermark?: string): Subject => ({
  image,
  work,
  watermark,
});

test('quarantines the work, then the whole image once different work on it crashes', async () => {
  const quarantine = createQuarantine();
  await quarantine.markCrashing(on('a'));
  assert.equal(quarantine.check(on('a')), 'crashes');
  assert.equal(quarantine.check(on('a', 'info')), 'clear');
  assert.equal(quarantine.check(on('b')), 'clear');
  await quarantine.markCrashing(on('a'));
  assert.equal(quarantine.check(on('a', 'info')), 'clear');
  await quarantine.markCrashing(on('a', 'resize?width=2'));
  assert.equal(quarantine.check(on('a', 'info')), 'crashes');
  assert.equal(quarantine.check(on('b')), 'clear');
});

test('quarantines a watermark once different images crash with it, instead of those images', async () => {
  const quarantine = createQuarantine();
  await quarantine.markCrashing(on('a', 'w1', 'logo'));
  await quarantine.markCrashing(on('a', 'w2', 'logo'));
  assert.equal(quarantine.check(on('a', 'w3', 'logo')), 'clear');
  assert.equal(quarantine.check(on('a', 'info')), 'clear');
  await quarantine.markCrashing(on('b', 'w1', 'logo'));
  assert.equal(quarantine.check(on('c', 'w1', 'logo')), 'crashes');
  assert.equal(quarantine.check(on(Buffer.from('new'), 'w1', 'logo')), 'crashes');
  assert.equal(quarantine.check(on('a', 'info')), 'clear');
});

test('work that timed out is slow, not a crash', async () => {
  const quarantine = createQuarantine();
  for (const work of ['1', '2', '3', '4']) await quarantine.markSlow(on('a', work));
  assert.equal(quarantine.check(on('a', '1')), 'slow');
  assert.equal(quarantine.check(on('a', '5')), 'clear');
});

test('identifies bytes by their hash, computed only while a quarantined image has their size', async () => {
  const quarantine = createQuarantine();
  const image = Buffer.from('poison');
  assert.equal(quarantine.check(on(image)), 'clear');
  await quarantine.markCrashing(on(image));
  assert.equal(quarantine.check(on(Buffer.from('another size'))), 'clear');
  assert.equal(await quarantine.check(on(Buffer.from('poison'))), 'crashes');
  assert.equal(await quarantine.check(on(Buffer.from('poiso!'))), 'clear');
});

test('a success clears a suspicion, and a quarantine expires', async () => {
  let time = 0;
  const quarantine = createQuarantine({ crashHoldMs: 100, slowHoldMs: 10, now: () => time });
  await quarantine.markSuspect(on('a'));
  assert.equal(quarantine.check(on('a')), 'suspect');
  quarantine.clearSuspect(on('a'));
  assert.equal(quarantine.check(on('a')), 'clear');
  await quarantine.markCrashing(on('a'));
  await quarantine.markSlow(on('b'));
  quarantine.clearSuspect(on('a'));
  time = 50;
  assert.deepEqual([quarantine.check(on('a')), quarantine.check(on('b'))], ['crashes', 'clear']);
  time = 101;
  assert.equal(quarantine.check(on('a')), 'clear');
});

test('remembers a bounded number of entries, the newest', async () => {
  const quarantine = createQuarantine({ maxEntries: 3 });
  for (const image of ['a', 'b', 'c', 'd']) await quarantine.markCrashing(on(image));
  assert.deepEqual([quarantine.check(on('a')), quarantine.check(on('d'))], ['clear', 'crashes']);
});
