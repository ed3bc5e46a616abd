import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWith } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';
import { assertHealthy, post, tally } from './attempt.ts';
import * as bombs from './bombs.ts';
import { mib, type ProcessKind, watchMemory } from './memory.ts';

const { svg } = bombs;

const timeoutMs = 6000;
const maxUploadBytes = 32 * 2 ** 20;
const maxInputPixels = 100_000_000;

/**
 * Allowed memory of each process in bytes: for the gateway, a few copies of the largest upload; for a worker, its own
 * plus the largest accepted image in RGBA; for the SVG process, its own limit plus growth between two checks.
 */
const allowed: Record<ProcessKind, number> = {
  gateway: 128 * 2 ** 20 + 4 * maxUploadBytes,
  worker: 128 * 2 ** 20 + 4 * maxInputPixels,
  svgProcess: 1.25 * 2 ** 30,
};

const filter = (primitives: string) =>
  svg(
    `<filter id="f" x="0" y="0" width="1" height="1">${primitives}</filter><rect width="3000" height="3000" filter="url(#f)"/>`,
    'width="3000" height="3000"',
  );

const texts = [
  ['zTXt', 'Comment'],
  ['zTXt', 'Raw profile type exif'],
  ['iTXt', 'Comment'],
  ['iTXt', 'XML:com.adobe.xmp'],
] as const;

type Outcome = 'success' | 'unprocessable_image';

/** Each bomb, and the allowed answers to a resize of it. */
const cases: [what: string, bytes: Buffer, ...codes: Outcome[]][] = [
  ['a PNG of 65536 x 65536', bombs.png(65_536, 65_536, 1000), 'unprocessable_image'],
  ['a PNG of 2147483647 x 2147483647', bombs.png(0x7fff_ffff, 0x7fff_ffff, 0), 'unprocessable_image'],
  ['a PNG of 1 x 2147483647', bombs.png(1, 0x7fff_ffff, 1), 'unprocessable_image'],
  ['a PNG of 9900 x 9900 with one row', bombs.png(9900, 9900, 1), 'unprocessable_image'],
  [
    'a PNG with 200 MB of text',
    bombs.png(8, 8, 8, bombs.compressedText(200_000_000)),
    'success',
    'unprocessable_image',
  ],
  ...texts.map(([type, keyword]): (typeof cases)[number] => [
    `a PNG with 4 GB of ${keyword} in ${type}`,
    bombs.png(8, 8, 8, ...bombs.compressedTexts(type, keyword, 4_000_000)),
    'success',
  ]),
  ['a JPEG of 65500 x 65500', await bombs.jpeg(65_500, 65_500), 'unprocessable_image'],
  ['a JPEG of 9900 x 9900 with few pixels', await bombs.jpeg(9900, 9900), 'unprocessable_image'],
  ['a JPEG of 9000 x 9000 with 20000 scans', await bombs.jpegOfScans(9000, 9000, 20_000), 'unprocessable_image'],
  ['an AVIF of 60000 x 60000', await bombs.avif(60_000, 60_000), 'unprocessable_image'],
  ['an AVIF of 9900 x 9900 with few pixels', await bombs.avif(9900, 9900), 'unprocessable_image'],
  ['a TIFF of 4000000000 x 4000000000', bombs.tiff(4_000_000_000, 4_000_000_000), 'unprocessable_image'],
  ['a TIFF of 9000 x 9000 with one row', bombs.tiff(9000, 9000), 'unprocessable_image'],
  ['a TIFF with an endless list of pages', bombs.tiff(64, 1, { endless: true }), 'unprocessable_image'],
  ['a GIF of 2000 x 2000 x 1000 frames', bombs.gif(2000, 2000, 1000), 'unprocessable_image'],
  ['a GIF of 65535 x 65535', bombs.gif(65_535, 65_535, 1), 'success', 'unprocessable_image'],
  ['a GIF of 100 x 100 x 9000 frames', bombs.gif(100, 100, 9000), 'unprocessable_image'],
  ['a GIF of 1 x 1 x 500000 frames', bombs.gif(1, 1, 500_000), 'unprocessable_image'],
  ['a WebP of 5000 x 5000 x 1000 frames', await bombs.webp(5000, 5000, 1000), 'unprocessable_image'],
  ['a WebP of 16383 x 16383', await bombs.webp(16_383, 16_383, 2), 'unprocessable_image'],
  ['a WebP of 1 x 1 x 200000 frames', await bombs.webp(1, 1, 200_000), 'unprocessable_image'],
  ['an SVG of 1000000 x 1000000', svg('', 'width="1000000" height="1000000"'), 'unprocessable_image'],
  ['an SVG of 1e300 x 1', svg('', 'width="1e300" height="1"'), 'unprocessable_image'],
  [
    'an SVG with a huge viewBox',
    svg('<rect width="1e9" height="1e9"/>', 'viewBox="0 0 1e9 1e9"'),
    'success',
    'unprocessable_image',
  ],
  ['an SVG of nested uses', svg(bombs.nestedUses(10)), 'unprocessable_image'],
  ['an SVG of nested entities', svg('<text>&e9;</text>', undefined, bombs.nestedEntities(9)), 'unprocessable_image'],
  ['an SVG nested too deeply', svg('<g>'.repeat(100_000) + '</g>'.repeat(100_000)), 'unprocessable_image'],
  ['an SVG that blurs 200 times', filter('<feGaussianBlur stdDeviation="300"/>'.repeat(200)), 'unprocessable_image'],
  [
    'an SVG with a filter of 60 layers',
    filter(
      Array.from({ length: 60 }, (_, i) => `<feFlood flood-opacity="0.1" result="r${i}"/>`).join('') +
        `<feMerge>${Array.from({ length: 60 }, (_, i) => `<feMergeNode in="r${i}"/>`).join('')}</feMerge>`,
    ),
    'unprocessable_image',
  ],
  [
    'an SVG of much turbulence',
    filter('<feTurbulence baseFrequency="0.05" numOctaves="100000"/>'),
    'unprocessable_image',
  ],
  ['an SVG of a long text', svg(`<text font-size="1">${'abc'.repeat(300_000)}</text>`), 'unprocessable_image'],
  [
    'an SVG of many styles',
    svg(
      `<style>${Array.from({ length: 5000 }, (_, i) => `g g g.c${i} > rect`).join(',')}{fill:red}</style>` +
        '<g><rect width="1" height="1"/></g>'.repeat(20_000),
    ),
    'unprocessable_image',
  ],
  ['an SVG around a huge image', svg(await bombs.embedded(16_000, 16_000)), 'success', 'unprocessable_image'],
];

test('answers decompression bombs in time and within the allowed memory', { timeout: 180_000 }, async (t) => {
  const env = {
    IMGWIRE_WORKERS: '1',
    IMGWIRE_TIMEOUT_MS: String(timeoutMs),
    IMGWIRE_MAX_UPLOAD_BYTES: String(maxUploadBytes),
    IMGWIRE_MAX_INPUT_PIXELS: String(maxInputPixels),
  };
  const service = await startService(t, { env });
  const memory = watchMemory(service.child.pid as number);
  closeWith(t, memory.stop);
  const codes: string[] = [];
  let slowest = 0;
  for (const [what, bytes, ...expected] of cases) {
    for (const path of ['/resize', '/images']) {
      const { code, message, ms } = await post(service, path, bytes);
      const fine = path === '/images' ? ['success', 'unprocessable_image'] : expected;
      assert.ok(fine.includes(code as Outcome), `${what}: ${path} was answered ${code} ${message}`);
      assert.ok(ms < timeoutMs, `${what}: ${path} took ${ms} ms`);
      slowest = Math.max(slowest, ms);
      codes.push(code);
    }
    await assertHealthy(service, what);
  }
  const peaks = Object.entries(memory.peaks) as [ProcessKind, number][];
  console.log(
    `bombs: tried ${codes.length}, answered ${tally(codes)}, lost 0; slowest ${Math.round(slowest)} ms; most memory ` +
      peaks.map(([kind, bytes]) => `${kind} ${mib(bytes)} of ${mib(allowed[kind])}`).join(', '),
  );
  for (const [kind, bytes] of peaks) assert.ok(bytes > 0 && bytes <= allowed[kind], `${kind} took ${mib(bytes)}`);
});
