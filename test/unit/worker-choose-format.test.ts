import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OutputFormat, outputFormatNames } from '../../src/contract/formats.ts';
import type { AcceptedFormat } from '../../src/contract/lane.ts';
import { chooseFormat } from '../../src/worker/images/choose-format.ts';

const size = { width: 1200, height: 800, hasAlpha: false };
const still = { format: 'jpeg', frames: 1, ...size } as const;
const moving = { format: 'gif', frames: 3, ...size } as const;
const alpha = { format: 'webp', frames: 1, ...size, hasAlpha: true } as const;
const long = { ...still, width: 30_000, height: 100 } as const;
const large = { ...still, width: 12_000, height: 8000 } as const;

/** An Accept header with weights for some formats, and a wildcard weight for the others. */
function accept(weights: Partial<Record<OutputFormat, number>>, others = 0): AcceptedFormat[] {
  return outputFormatNames
    .map((format) => ({ format, weight: weights[format] ?? others, named: format in weights }))
    .filter(({ weight }) => weight > 0);
}

const chrome = accept({ avif: 1, webp: 1 }, 1);

type Source = Parameters<typeof chooseFormat>[1];
const choices: [what: string, accept: AcceptedFormat[], source: Source, format: string, parameters?: object][] = [
  ['nothing', [], still, 'jpeg'],
  ['a range', accept({}, 1), still, 'jpeg'],
  ['a browser', chrome, still, 'avif'],
  ['webp', accept({ webp: 1 }, 1), still, 'webp'],
  ['webp rather than avif', accept({ avif: 0.5, webp: 1 }), still, 'webp'],
  ['webp as much as avif', accept({ avif: 0.5, webp: 0.5 }), still, 'avif'],
  ['no avif', accept({ avif: 0, webp: 0.1 }), still, 'webp'],
  ['others rather than avif', accept({ avif: 0.5 }, 0.9), still, 'jpeg'],
  ['avif rather than jpeg', accept({ avif: 0.5, jpeg: 0.4 }), still, 'avif'],
  ['an unlike format', accept({ tiff: 1 }), still, 'jpeg'],
  ['a browser', chrome, moving, 'webp'],
  ['avif', accept({ avif: 1 }), moving, 'gif'],
  ['avif', accept({ avif: 1 }), moving, 'avif', { animated: false }],
  ['avif', accept({ avif: 1 }), moving, 'avif', { page: 1 }],
  ['avif', accept({ avif: 1 }, 1), { format: 'webp', frames: 2, ...size }, 'webp'],
  ['avif', accept({ avif: 1 }, 1), { format: 'tiff', frames: 2, ...size }, 'avif'],
  ['a range', accept({}, 1), { format: 'svg', frames: 1, ...size }, 'png'],
  ['webp', accept({ webp: 1 }, 1), { format: 'avif', frames: 1, ...size }, 'webp'],
  ['a range', accept({}, 1), still, 'png', { lossless: true }],
  ['a browser', chrome, long, 'jpeg'],
  ['a browser', chrome, long, 'avif', { width: 16_000 }],
  ['a browser', chrome, { ...long, width: 16_384 }, 'avif'],
  ['a browser', chrome, { ...still, width: 16_000, height: 100 }, 'jpeg', { pad: '0,500,0,500' }],
  ['a browser', chrome, { ...long, format: 'png', width: 20_000 }, 'avif', { crop: '0,0,100,100' }],
  ['a browser', chrome, large, 'jpeg'],
  ['a browser', chrome, { ...still, width: 4500, height: 3000 }, 'webp'],
  ['a browser', chrome, { ...still, width: 4500, height: 3000 }, 'avif', { width: 1600 }],
  ['a browser', chrome, still, 'webp', { effort: 10 }],
  ['a browser', chrome, still, 'avif', { effort: 10, width: 700 }],
  ['a browser', chrome, still, 'webp', { effort: 5, max_bytes: 50_000 }],
  ['a browser', chrome, still, 'avif', { max_bytes: 50_000 }],
  ['no jpeg', accept({ jpeg: 0 }, 1), still, 'webp'],
  ['no jpeg or webp', accept({ jpeg: 0, webp: 0 }, 1), still, 'png'],
  ['no webp', accept({ webp: 0 }, 1), alpha, 'png'],
  ['no gif', accept({ gif: 0 }, 1), moving, 'webp'],
  ['no jpeg, and others by weight', accept({ jpeg: 0, tiff: 0.9 }, 0.5), still, 'tiff'],
  ['no webp', accept({ webp: 0, avif: 1 }, 1), large, 'jpeg'],
  ['a range of others', accept({ jpeg: 0, webp: 0, avif: 0, png: 0, gif: 0, tiff: 0 }, 1), still, 'jpeg'],
];

for (const [what, accepted, source, format, parameters = {}] of choices) {
  test(`a client that accepts ${what} gets ${source.frames} of ${source.format} ${JSON.stringify(parameters)} as ${format}`, () => {
    assert.equal(chooseFormat(accepted, source, parameters), format);
  });
}
