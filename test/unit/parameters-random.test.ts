import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { colourParameters } from '../../src/contract/colour-parameters.ts';
import { errorCodes, RequestError } from '../../src/contract/errors.ts';
import { formats, outputFormatNames } from '../../src/contract/formats.ts';
import { type ParameterName, type Parameters, parameterNames } from '../../src/contract/parameters.ts';
import { sides } from '../../src/contract/size-parameters.ts';
import { animation, blue, green, plain, quarters, red, svg } from '../helpers/images.ts';
import { transformImage } from './transform-image.ts';

const maxPixels = 150_000;
const sets = 500;

const picture = await quarters(48, 32);
const seen = await plain(40, 30, [200, 60, 20, 120]).png().toBuffer();

/** Each format, and special cases of some. */
const sources: [name: string, image: Buffer, width: number, height: number, frames: number][] = [
  ['jpeg', await picture.clone().jpeg().toBuffer(), 48, 32, 1],
  ['jpeg turned', await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(), 32, 48, 1],
  ['jpeg cmyk', await picture.clone().toColourspace('cmyk').jpeg().toBuffer(), 48, 32, 1],
  ['jpeg grey', await picture.clone().toColourspace('b-w').jpeg().toBuffer(), 48, 32, 1],
  ['png', await picture.clone().png().toBuffer(), 48, 32, 1],
  ['png alpha', seen, 40, 30, 1],
  ['png 16 bits', await picture.clone().toColourspace('rgb16').png().toBuffer(), 48, 32, 1],
  ['png grey', await picture.clone().toColourspace('b-w').png().toBuffer(), 48, 32, 1],
  ['png 1 x 1', await plain(1, 1, red).png().toBuffer(), 1, 1, 1],
  ['png wide', await plain(3000, 2, green).png().toBuffer(), 3000, 2, 1],
  ['webp', await picture.clone().webp().toBuffer(), 48, 32, 1],
  ['webp moving', await animation('webp', 20, 30, [red, green]), 20, 30, 2],
  ['avif', await picture.clone().avif({ effort: 0 }).toBuffer(), 48, 32, 1],
  ['gif', await animation('gif', 30, 20, [red, green, blue]), 30, 20, 3],
  ['tiff', await picture.clone().tiff().toBuffer(), 48, 32, 1],
  ['svg', svg, 40, 20, 1],
];

/** A deterministic random source. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => list[integer(0, list.length - 1)] as T;
  return { next, integer, pick };
}

type Random = ReturnType<typeof createRandom>;

const values: { [N in keyof Required<Parameters>]?: (random: Random) => Parameters[N] } = {
  width: ({ integer, pick }) => pick([1, integer(2, 90), integer(2, 90), 700]),
  height: ({ integer, pick }) => pick([1, integer(2, 90), integer(2, 90), 8192]),
  dpr: ({ pick }) => pick([1, 1.5, 2, 5]),
  fit: ({ pick }) => pick(['cover', 'contain', 'fill', 'inside', 'outside']),
  position: ({ pick }) => pick([...sides, 'entropy', 'attention']),
  focus: ({ pick }) => pick(['0,0', '0.5,0.3', '1,1']),
  enlarge: ({ pick }) => pick([true, false]),
  crop: ({ integer }) => `${integer(0, 20)},${integer(0, 10)},${integer(1, 30)},${integer(1, 25)}`,
  trim: ({ pick }) => pick([true, false]),
  trim_threshold: ({ pick }) => pick([0, 10, 40, 255]),
  flip: ({ pick }) => pick([true, false]),
  flop: ({ pick }) => pick([true, false]),
  rotate: ({ integer, pick }) => pick([90, 180, -90, integer(-360, 360)]),
  background: ({ pick }) => pick(['white', 'transparent', '#ff880080']),
  pad: ({ integer, pick }) => pick([String(integer(0, 20)), '1,2,3,4', '0,400,0,400']),
  gamma: ({ pick }) => pick([1, 2.2, 3]),
  grayscale: () => true,
  median: ({ integer }) => integer(2, 25),
  threshold: ({ integer }) => integer(1, 255),
  blur: ({ next }) => 0.3 + next() * 20,
  brightness: ({ next }) => next() * 3,
  saturation: ({ next }) => next() * 3,
  hue: ({ integer }) => integer(-360, 360),
  sharpen: ({ next }) => 0.1 + next() * 9,
  normalize: () => true,
  tint: ({ pick }) => pick(['red', '#123456']),
  negate: () => true,
  watermark: () => 'a'.repeat(64),
  watermark_position: ({ pick }) => pick([...sides, 'tile']),
  watermark_opacity: ({ next }) => next(),
  watermark_scale: ({ next }) => 0.01 + next() * 0.99,
  format: ({ pick }) => pick(outputFormatNames),
  quality: ({ integer }) => integer(1, 100),
  lossless: ({ pick }) => pick([true, false]),
  progressive: ({ pick }) => pick([true, false]),
  effort: ({ integer }) => integer(0, 6),
  max_bytes: ({ pick }) => pick([300, 2000, 100_000]),
  animated: ({ pick }) => pick([true, false]),
  page: ({ pick }) => pick([0, 0, 1]),
  metadata: ({ pick }) => pick(['strip', 'copyright', 'keep']),
};

function randomParameters(random: Random): Parameters {
  const chosen = parameterNames.filter((name) => {
    const often = ['width', 'height', 'format'].includes(name);
    return values[name] !== undefined && random.next() < (often ? 0.5 : 0.13);
  });
  return Object.fromEntries(chosen.map((name) => [name, values[name]?.(random)]));
}

/** The size that the documents promise, and by how many pixels it may differ if an angle or the content decides. */
function expectedSize(parameters: Parameters, size: [number, number]): { size: [number, number]; within: number } {
  const { crop, trim = false, rotate = 0, pad = '0', fit = 'cover', enlarge = true, dpr = 1 } = parameters;
  let [w, h] = crop === undefined ? size : (crop.split(',').slice(2).map(Number) as [number, number]);
  let isExact = trim === false;
  const angle = (rotate * Math.PI) / 180;
  if (rotate % 180 !== 0) {
    isExact &&= rotate % 90 === 0;
    const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
    [w, h] = [w * cos + h * sin, w * sin + h * cos];
  }
  const box = [parameters.width, parameters.height].map((side) => side && Math.round(side * dpr));
  const factors = [box[0] && box[0] / w, box[1] && box[1] / h];
  const both = factors.filter((factor) => factor !== undefined);
  const isDistorted = fit === 'fill';
  const one = fit === 'inside' || fit === 'contain' ? Math.min(...both) : Math.max(...both);
  const scale = (factor: number | undefined) => {
    const wanted = isDistorted ? (factor ?? 1) : both.length === 0 ? 1 : one;
    return enlarge ? wanted : Math.min(1, wanted);
  };
  const scales = [scale(factors[0]), scale(factors[1])] as const;
  const scaled = [Math.max(1, Math.round(w * scales[0])), Math.max(1, Math.round(h * scales[1]))] as const;
  const boxed = scaled.map((side, index) => {
    const wanted = box[index];
    if (wanted === undefined || both.length < 2) return side;
    if (fit === 'cover') return Math.min(side, wanted);
    return fit === 'contain' ? Math.max(side, wanted) : side;
  }) as [number, number];
  const [top = 0, right = top, bottom = top, left = top] = pad.split(',').map(Number);
  return {
    size: [boxed[0] + left + right, boxed[1] + top + bottom],
    within: isExact ? 0 : trim === false ? 1 + Math.ceil(2 * Math.max(...scales)) : Number.POSITIVE_INFINITY,
  };
}

test(`${sets} random sets of parameters give an image of the expected size, or an error that says why`, async () => {
  const random = createRandom(4);
  let made = 0;
  let refused = 0;
  for (let set = 0; set < sets; set += 1) {
    const [name, image, width, height, frames] = sources[set % sources.length] as (typeof sources)[number];
    const parameters = randomParameters(random);
    const what = `${name} ${JSON.stringify(parameters)}`;
    try {
      const watermark = parameters.watermark === undefined ? {} : { watermark: seen };
      const result = await transformImage(image, parameters, { maxPixels, ...watermark });
      const { size, within } = expectedSize(parameters, [width, height]);
      const off = Math.max(Math.abs(result.width - size[0]), Math.abs(result.height - size[1]));
      assert.ok(off <= within, `${what}: ${result.width} x ${result.height} instead of ${size}`);
      const metadata = await sharp(result.bytes).metadata();
      assert.deepEqual([metadata.width, metadata.pageHeight ?? metadata.height], [result.width, result.height], what);
      assert.equal(metadata.mediaType, formats[result.format].mediaType, what);
      const moves = formats[result.format].animation && parameters.animated !== false && parameters.page === undefined;
      // Encoders merge frames that colour parameters have made equal.
      const least =
        moves && !(Object.keys(parameters) as ParameterName[]).some((one) => one in colourParameters) ? frames : 1;
      const pages = metadata.pages ?? 1;
      assert.ok(pages >= least && pages <= (moves ? frames : 1), `${what}: ${pages} frames`);
      assert.ok(result.width * result.height * pages <= maxPixels, what);
      assert.ok(result.bytes.length <= (parameters.max_bytes ?? Number.POSITIVE_INFINITY), what);
      made += 1;
    } catch (error) {
      if (!(error instanceof RequestError)) throw new Error(what, { cause: error });
      assert.ok(errorCodes[error.code].status < 500 && error.code !== 'unprocessable_image', `${what}: ${error}`);
      assert.ok(error.parameter !== undefined && error.parameter in parameters, `${what}: ${error}`);
      assert.match(error.message, /^Expected /);
      refused += 1;
    }
  }
  assert.ok(made > sets / 2 && refused > 0, `${made} made, ${refused} refused`);
});
