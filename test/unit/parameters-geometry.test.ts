import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { animation, blue, green, type Pixel, pixelsOf, plain, quarters, red, white } from '../helpers/images.ts';
import { assertPicture } from './assert-picture.ts';
import { transformImage } from './transform-image.ts';

const black: Pixel = [0, 0, 0];
const picture = await (await quarters(80, 40)).png().toBuffer();
const corners = (w: number, h: number): [number, number][] => [
  [3, 3],
  [w - 4, 3],
  [w - 4, h - 4],
  [3, h - 4],
];

/** Colours of the corners, clockwise from the top left. */
const turns: [Parameters, size: [number, number], colours: Pixel[]][] = [
  [{}, [80, 40], [red, green, blue, white]],
  [{ flip: true }, [80, 40], [white, blue, green, red]],
  [{ flop: true }, [80, 40], [green, red, white, blue]],
  [{ flip: true, flop: true }, [80, 40], [blue, white, red, green]],
  [{ rotate: 90 }, [40, 80], [white, red, green, blue]],
  [{ rotate: -270 }, [40, 80], [white, red, green, blue]],
  [{ rotate: 180 }, [80, 40], [blue, white, red, green]],
  [{ rotate: 270 }, [40, 80], [green, blue, white, red]],
  [{ rotate: 360 }, [80, 40], [red, green, blue, white]],
  // Mirrors first, then rotates.
  [{ flop: true, rotate: 90 }, [40, 80], [blue, green, red, white]],
  // Rotates first, then scales.
  [{ rotate: 90, width: 20 }, [20, 40], [white, red, green, blue]],
  [{ rotate: 90, flip: true, width: 20, height: 20, fit: 'fill' }, [20, 20], [red, white, blue, green]],
];

for (const [parameters, size, colours] of turns) {
  test(`places the corners after ${JSON.stringify(parameters)}`, async () => {
    const points = corners(...size).map((at, i): [[number, number], Pixel] => [at, colours[i] as Pixel]);
    await assertPicture(await transformImage(picture, parameters), size, points);
  });
}

test('mirrors and rotates an animation frame by frame, keeping the frame order', async () => {
  const made = await transformImage(await animation('gif', 40, 20, [red, green, blue]), {
    rotate: 90,
    flip: true,
    pad: '0,4,0,0',
    background: 'white',
  });
  await assertPicture(
    made,
    [24, 40],
    [
      [[5, 5], red],
      [[5, 45], green],
      [[5, 85], blue],
      [[22, 45], white],
    ],
    24,
  );
});

test('rotating by an angle fills the corners with the background and keeps the centre', async () => {
  const made = await transformImage(await plain(100, 100, red).png().toBuffer(), { rotate: 45, background: 'lime' });
  assert.ok(Math.abs(made.width - 141) <= 1 && Math.abs(made.height - 141) <= 1, `${made.width} x ${made.height}`);
  await assertPicture(
    made,
    [made.width, made.height],
    [
      [
        [5, 5],
        [0, 255, 0],
      ],
      [[70, 70], red],
      [
        [135, 5],
        [0, 255, 0],
      ],
    ],
  );
});

test('crop cuts in pixels of the upright image, before other steps', async () => {
  await assertPicture(
    await transformImage(picture, { crop: '30,10,20,30' }),
    [20, 30],
    [
      [[8, 8], red],
      [[12, 8], green],
      [[12, 12], blue],
      [[8, 12], white],
    ],
  );
  await assertPicture(
    await transformImage(picture, { crop: '40,20,40,20', width: 10, rotate: 90 }),
    [10, 20],
    [[[5, 10], blue]],
  );
  const turned = await (await quarters(80, 40)).withMetadata({ orientation: 6 }).png().toBuffer();
  await assertPicture(await transformImage(turned, { crop: '0,0,20,40' }), [20, 40], [[[10, 20], white]]);
  await assertPicture(
    await transformImage(await animation('gif', 40, 20, [red, green]), { crop: '10,5,6,4' }),
    [6, 4],
    [
      [[3, 2], red],
      [[3, 6], green],
    ],
  );
  for (const crop of ['0,0,81,40', '70,0,11,1', '80,0,1,1', '0,39,1,2']) {
    await assert.rejects(transformImage(picture, { crop }), {
      code: 'invalid_request',
      parameter: 'crop',
      message: /within the 80 x 40/,
    });
  }
});

test('trim cuts off edges within its threshold', async () => {
  const framed = await plain(60, 50, white)
    .composite([
      { input: await plain(40, 30, [240, 240, 240]).png().toBuffer(), left: 8, top: 7 },
      { input: await plain(20, 10, red).png().toBuffer(), left: 15, top: 12 },
    ])
    .png()
    .toBuffer();
  await assertPicture(
    await transformImage(framed, { trim: true, trim_threshold: 5 }),
    [40, 30],
    [
      [
        [0, 0],
        [240, 240, 240],
      ],
      [[7, 5], red],
    ],
  );
  await assertPicture(
    await transformImage(framed, { trim: true, trim_threshold: 30 }),
    [20, 10],
    [
      [[0, 0], red],
      [[19, 9], red],
    ],
  );
  await assertPicture(await transformImage(framed, { trim: true }), [40, 30], [[[7, 5], red]]);
  for (const untrimmed of [{ trim: false }, { trim: false, trim_threshold: 30 }, { trim_threshold: 30 }]) {
    await assertPicture(await transformImage(framed, untrimmed), [60, 50], [[[0, 0], white]]);
  }
  await assertPicture(
    await transformImage(framed, { trim: true, trim_threshold: 30, rotate: 90, width: 20 }),
    [20, 40],
    [[[10, 20], red]],
  );
  await assertPicture(
    await transformImage(await plain(9, 9, red).png().toBuffer(), { trim: true }),
    [9, 9],
    [[[4, 4], red]],
  );
  const moving = await animation('gif', 40, 20, [red, green]);
  await assert.rejects(transformImage(moving, { trim: true }), { code: 'invalid_request', parameter: 'trim' });
  assert.equal((await transformImage(moving, { trim: true, animated: false })).width, 40);
});

test('pad adds background on each side, on top of width and height', async () => {
  const made = await transformImage(picture, { width: 40, pad: '1,2,3,4', background: 'black' });
  await assertPicture(
    made,
    [46, 24],
    [
      [[3, 10], black],
      [[4, 1], red],
      [[43, 1], green],
      [[44, 10], black],
      [[20, 0], black],
      [[4, 20], white],
      [[20, 21], black],
    ],
  );
  assert.deepEqual(Object.values(await transformImage(picture, { pad: '10' })).slice(1, 3), [100, 60]);
  const clear = await transformImage(picture, { pad: '5', background: 'transparent' });
  assert.equal((await pixelsOf(clear.bytes)).at(2, 2)[3], 0);
});

test('cover centres the focus point as far as the edges allow', async () => {
  const stripes = await (await quarters(100, 20)).png().toBuffer();
  const cut = (focus: string, more: Parameters = {}) =>
    transformImage(stripes, { width: 20, height: 20, focus, ...more });
  await assertPicture(
    await cut('0.5,0.5'),
    [20, 20],
    [
      [[9, 5], red],
      [[10, 5], green],
    ],
  );
  await assertPicture(
    await cut('0.55,0'),
    [20, 20],
    [
      [[4, 5], red],
      [[5, 5], green],
    ],
  );
  await assertPicture(await cut('0,0'), [20, 20], [[[19, 5], red]]);
  await assertPicture(await cut('1,1', { position: 'left' }), [20, 20], [[[0, 5], green]]);
  await assert.rejects(cut('0,0', { fit: 'contain' }), { code: 'invalid_request', parameter: 'focus' });
});

test('dpr multiplies width and height only', async () => {
  assert.equal((await transformImage(picture, { width: 20, dpr: 3 })).width, 60);
  const both = await transformImage(picture, { width: 11, height: 7, dpr: 1.5, pad: '1' });
  assert.deepEqual([both.width, both.height], [19, 13]);
  assert.equal((await transformImage(picture, { dpr: 3 })).width, 80);
});

/** Parameters over the limit of 10,000 pixels, and the one to blame. */
const tooLarge: [Parameters, string][] = [
  [{ width: 150 }, 'width'],
  [{ height: 80 }, 'height'],
  [{ width: 100, dpr: 2 }, 'dpr'],
  [{ width: 50, height: 50, dpr: 2.1 }, 'dpr'],
  [{ pad: '40' }, 'pad'],
  [{ width: 100, pad: '0,0,60,0' }, 'pad'],
  [{ rotate: 45, width: 10 }, 'rotate'],
  [{ rotate: 90, width: 80 }, 'width'],
  [{ width: 5, pad: '0,8192,0,8192', format: 'webp' }, 'pad'],
  [{ trim: true, width: 150 }, 'width'],
  // A small result, but huge before cover cuts it.
  [{ crop: '0,0,80,1', width: 10, height: 10, dpr: 5 }, 'dpr'],
];

for (const [parameters, parameter] of tooLarge) {
  test(`${JSON.stringify(parameters)} exceeds the pixel limit because of ${parameter}`, async () => {
    const large = parameter === 'rotate' ? await plain(90, 90, red).png().toBuffer() : picture;
    await assert.rejects(transformImage(large, parameters, { maxPixels: 10_000 }), {
      code: 'invalid_request',
      parameter,
    });
  });
}

test('accepts results just within the pixel limit', async () => {
  for (const parameters of [
    { width: 100, height: 100 },
    { width: 98, height: 98, pad: '1' },
    { width: 50, height: 50, dpr: 2 },
  ]) {
    const { width, height } = await transformImage(picture, { ...parameters, fit: 'fill' }, { maxPixels: 10_000 });
    assert.equal(width * height, 10_000);
  }
});
