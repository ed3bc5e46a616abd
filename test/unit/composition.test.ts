import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Parameters } from '../../src/contract/parameters.ts';
import { createRandom, type Random as Numbers } from '../fault/random.ts';
import { draw, sourceKinds } from '../helpers/source-kinds.ts';
import { transformImage } from './transform-image.ts';

/*
 * Steps split over two requests, in the documented order, give the same result as in one request. IMGWIRE_COMPOSITIONS sets
 * how many random splits are tried, IMGWIRE_SEED the random seed.
 */

const count = Number(process.env.IMGWIRE_COMPOSITIONS ?? 300);
const seed = Number(process.env.IMGWIRE_SEED ?? 12);

interface Random {
  /** Inclusive of both ends. */
  integer(least: number, most: number): number;
  boolean(): boolean;
  of<T>(values: readonly T[]): T;
}

function choices({ below, pick }: Numbers): Random {
  return { integer: (least, most) => least + below(most - least + 1), boolean: () => below(2) === 0, of: pick };
}

type Choice = (random: Random) => Parameters;

const side = (random: Random) => random.integer(8, 70);

/** Random parameters for each step, in the order of the pipeline. */
const steps: Record<string, Choice> = {
  crop: (random) => {
    const [left, top] = [random.integer(0, 15), random.integer(0, 10)];
    return { crop: [left, top, random.integer(10, 40 - left), random.integer(10, 30 - top)].join(',') };
  },
  trim: (random) => ({ trim: true, trim_threshold: random.integer(0, 40) }),
  turn: (random) => ({
    flip: random.boolean(),
    flop: random.boolean(),
    rotate: random.of([0, 90, 180, 270, random.integer(1, 359)]),
  }),
  resize: (random) => {
    const fit = random.of(['cover', 'fill', 'inside', 'outside'] as const);
    return {
      width: side(random),
      ...(random.boolean() ? { height: side(random), fit } : {}),
      ...(random.boolean() ? { enlarge: false } : {}),
      ...(random.boolean() ? { position: random.of(['left top', 'right', 'bottom'] as const) } : {}),
      ...(random.integer(0, 3) === 0 ? { gamma: random.of([1.5, 2.2]) } : {}),
    };
  },
  grayscale: () => ({ grayscale: true }),
  median: (random) => ({ median: random.integer(2, 7) }),
  threshold: (random) => ({ threshold: random.integer(40, 200) }),
  blur: (random) => ({ blur: random.of([0.3, 1, 2.5, 9]) }),
  modulate: (random) => ({
    brightness: random.of([0.7, 1, 1.4]),
    saturation: random.of([0.5, 1, 1.5]),
    hue: random.integer(0, 359),
  }),
  sharpen: (random) => ({ sharpen: random.of([0.5, 1, 3]) }),
  normalize: () => ({ normalize: true }),
  tint: (random) => ({ tint: random.of(['red', '#3366cc', '#808040']) }),
  negate: () => ({ negate: true }),
  pad: (random) => ({ pad: [1, 2, 3, random.integer(0, 9)].join(',') }),
  watermark: (random) => ({
    watermark: '0'.repeat(64),
    watermark_scale: random.of([0.3, 0.8]),
    watermark_opacity: random.of([0.4, 1]),
    watermark_position: random.of(['center', 'tile', 'left bottom'] as const),
  }),
};

/**
 * Largest allowed difference in a channel, premultiplied; all other kinds must match bit for bit. With 16 bits, the
 * second request rounds once more; images with a profile are scaled before they are clipped to the sRGB gamut, but
 * after it in a second request. EXIF rotation comes after scaling, so another direction is rounded first; JPEG
 * decoders shrink on load.
 */
const bounds: Record<string, number> = {
  '16 bits': 2,
  '16 bits with alpha': 3,
  '16 bits grey': 2,
  '16 bits P3': 8,
  'turned by EXIF': 1,
  'grey jpeg': 4,
  'CMYK jpeg': 4,
};

/** The most by which a parameter amplifies a difference of 1 in its input. */
const amplification: Record<string, number> = {
  gamma: 12,
  threshold: 255,
  brightness: 4,
  saturation: 2,
  sharpen: 4,
  normalize: 8,
};

async function premultiplied(image: Buffer): Promise<Float64Array> {
  const data = await sharp(image, { animated: true }).ensureAlpha().toColourspace('srgb').raw().toBuffer();
  return Float64Array.from(data, (sample, at) =>
    at % 4 === 3 ? sample : (sample * (data[at - (at % 4) + 3] as number)) / 255,
  );
}

async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([premultiplied(one), premultiplied(other)]);
  assert.equal(a.length, b.length);
  return a.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (b[at] as number))), 0);
}

const mark = await draw(20, 10, 4, (x, y) => [250, 20 * y, 10 * x, 100 + 5 * x])
  .png()
  .toBuffer();
const images = new Map<string, Buffer>();
for (const [kind, make] of Object.entries(sourceKinds)) images.set(kind, await make());

async function check(kind: string, first: Parameters, second: Parameters): Promise<void> {
  const source = images.get(kind) as Buffer;
  const format = kind === 'animated' ? 'webp' : 'png';
  // Any other background would be part of the image in the second request.
  const lossless = { format, lossless: true, background: 'transparent' } as const;
  const between = await transformImage(source, { ...first, ...lossless });
  const overlay = second.watermark === undefined ? undefined : mark;
  const parts = await transformImage(between.bytes, { ...second, ...lossless }, { watermark: overlay });
  const whole = await transformImage(source, { ...first, ...second, ...lossless }, { watermark: overlay });
  const what = `${kind}: ${JSON.stringify(first)}, then ${JSON.stringify(second)}`;
  assert.deepEqual([whole.width, whole.height], [parts.width, parts.height], what);
  const found = await difference(whole.bytes, parts.bytes);
  const amplified = Object.keys(amplification).filter(
    (name) => name in second || (name === 'gamma' && 'gamma' in first),
  );
  const factor = amplified.reduce((product, name) => product * (amplification[name] as number), 1);
  const bound = (bounds[kind] ?? 0) * factor;
  assert.ok(found <= bound, `${what}: ${found} > ${bound}`);
}

function chosen(names: readonly string[], random: Random): Parameters {
  return Object.assign({}, ...names.map((name) => steps[name]?.(random)));
}

const suits = (kind: string) => (name: string) => kind !== 'animated' || name !== 'trim';

const names = Object.keys(steps);
for (const kind of Object.keys(sourceKinds)) {
  test(`${kind}: each pair of steps gives the same result in one request and in two`, async () => {
    const random = choices(createRandom(seed));
    const usable = names.filter(suits(kind));
    for (const [index, first] of usable.entries()) {
      for (const second of usable.slice(index + 1)) {
        await check(kind, chosen([first], random), chosen([second], random));
      }
    }
  });
}

test(`${count} random compositions give the same result in one request and in two`, async () => {
  const random = choices(createRandom(seed));
  for (let tried = 0; tried < count; tried += 1) {
    const kind = random.of([...images.keys()]);
    const picked = names.filter(suits(kind)).filter(() => random.integer(0, 2) === 0);
    const cut = random.integer(0, picked.length);
    await check(kind, chosen(picked.slice(0, cut), random), chosen(picked.slice(cut), random));
  }
});
