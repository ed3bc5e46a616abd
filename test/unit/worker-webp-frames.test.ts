import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from '../../src/worker/images/inspect.ts';
import { countWebpFrames } from '../../src/worker/images/webp/frames.ts';
import { type GifFrame, gif } from '../helpers/gif.ts';
import { animation, blue, green, plain, red } from '../helpers/images.ts';
import { limits, transformImage } from './transform-image.ts';

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

const canvas = { width: 32, height: 32 };
const inner: GifFrame = { left: 8, top: 8, width: 16, height: 16, colour: 1, transparent: 7 };
const whole: GifFrame = { left: 0, top: 0, ...canvas, colour: 1, transparent: 7 };

const animations: Record<string, [frames: GifFrame[], isTransparent: boolean]> = {
  'that leaves canvas unpainted': [[inner, { ...inner, colour: 2 }], true],
  'that clears its canvas': [
    [
      { ...whole, disposal: 2 },
      { ...inner, colour: 2 },
    ],
    true,
  ],
  'that paints its canvas': [[whole, { ...inner, colour: 2 }], false],
};
const alphaFlag = 0x10;

for (const [what, [frames, isTransparent]] of Object.entries(animations)) {
  test(`a WebP animation ${what} is marked as ${isTransparent ? 'transparent' : 'opaque'}`, async () => {
    for (const parameters of [{}, { flop: true }, { metadata: 'keep' }] as const) {
      const { bytes } = await transformImage(gif(canvas, frames), { format: 'webp', lossless: true, ...parameters });
      assert.equal(bytes.toString('latin1', 12, 16), 'VP8X');
      assert.equal(((bytes[20] as number) & alphaFlag) !== 0, isTransparent);
    }
  });
}

test('a lossless WebP with alpha keeps it though it is not marked as transparent, as ExifTool writes it', async () => {
  for (const size of [20, 21]) {
    const picture = plain(size, size, [255, 0, 0, 128]);
    const simple = await picture.clone().webp({ lossless: true }).toBuffer();
    const extended = await picture
      .clone()
      .withExif({ IFD0: { Artist: 'Someone' } })
      .webp({ lossless: true })
      .toBuffer();
    const unmarked = Buffer.from(extended);
    unmarked[20] = (unmarked[20] as number) & ~alphaFlag;
    assert.equal((await inspect(unmarked, limits)).hasAlpha, true);
    const [expected, ...shown] = await Promise.all(
      [simple, extended, unmarked].map((file) => transformImage(file, { format: 'png', width: 10 })),
    );
    for (const { bytes } of shown) assert.deepEqual(bytes, expected?.bytes);
  }
});

test('an opaque WebP with metadata stays opaque', async () => {
  for (const lossless of [true, false]) {
    const file = await plain(20, 20, red)
      .withExif({ IFD0: { Artist: 'Someone' } })
      .webp({ lossless })
      .toBuffer();
    assert.equal((await inspect(file, limits)).hasAlpha, false);
  }
});
