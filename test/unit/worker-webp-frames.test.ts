import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWebpFrames } from '../../src/worker/images/webp-frames.ts';
import { animation, blue, green, plain, red } from '../helpers/images.ts';

test('counts the frames of a WebP', async () => {
  assert.equal(countWebpFrames(await animation('webp', 6, 4, [red, green, blue])), 3);
  assert.equal(countWebpFrames(await plain(6, 4, red).webp().toBuffer()), 0);
});

test('terminates on truncated and endless chunks', async () => {
  const file = await animation('webp', 6, 4, [red, green, blue]);
  assert.equal(countWebpFrames(file.subarray(0, 10)), 0);
  assert.ok(countWebpFrames(file.subarray(0, file.length - 3)) <= 3);
  const endless = Buffer.concat([file.subarray(0, 12), Buffer.alloc(8000)]);
  assert.equal(countWebpFrames(endless), 0);
});
