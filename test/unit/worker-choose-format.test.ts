import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OutputFormat, outputFormatNames } from '../../src/contract/formats.ts';
import type { AcceptedFormat } from '../../src/contract/lane.ts';
import { chooseFormat } from '../../src/worker/images/choose-format.ts';

const still = { format: 'jpeg', frames: 1 } as const;
const moving = { format: 'gif', frames: 3 } as const;

/** What a client takes that names these formats, and the others by a range of this weight. */
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
  ['avif', accept({ avif: 1 }, 1), { format: 'webp', frames: 2 }, 'webp'],
  ['avif', accept({ avif: 1 }, 1), { format: 'tiff', frames: 2 }, 'avif'],
  ['a range', accept({}, 1), { format: 'svg', frames: 1 }, 'png'],
  ['webp', accept({ webp: 1 }, 1), { format: 'avif', frames: 1 }, 'webp'],
  ['a range', accept({}, 1), still, 'png', { lossless: true }],
];

for (const [what, accepted, source, format, parameters = {}] of choices) {
  test(`a client that takes ${what} gets ${source.frames} of ${source.format} ${JSON.stringify(parameters)} as ${format}`, () => {
    assert.equal(chooseFormat(accepted, source, parameters), format);
  });
}
