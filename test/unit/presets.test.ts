import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { canonicalParameters } from '../../src/contract/parameters.ts';
import { parsePresets, withPreset } from '../../src/contract/presets.ts';

const presets = parsePresets('thumb:w=3.2e2&height=240&bg=ff8800; hero : width=1600&format=auto;\n x-y_1:');

test('parses presets like query strings', () => {
  assert.deepEqual(presets, {
    thumb: { width: 320, height: 240, background: '#ff8800' },
    hero: { width: 1600, format: 'auto' },
    'x-y_1': {},
  });
  assert.deepEqual(parsePresets(''), {});
});

test('a preset equals its parameters, and explicit parameters win', () => {
  assert.deepEqual(withPreset({ preset: 'thumb', height: 100 }, presets), {
    width: 320,
    height: 100,
    background: '#ff8800',
  });
  assert.deepEqual(withPreset({ height: 100 }, presets), { height: 100 });
  const written = canonicalParameters({ height: 240, width: 320, background: '#ff8800' });
  assert.equal(canonicalParameters(withPreset({ preset: 'thumb' }, presets)), written);
});

test('rejects an unknown preset and lists the configured ones', () => {
  const refused = { code: 'invalid_request', parameter: 'preset' };
  assert.throws(() => withPreset({ preset: 'constructor' }, presets), {
    ...refused,
    message: 'Expected one of thumb, hero, x-y_1 for preset but received "constructor"',
  });
  assert.throws(() => withPreset({ preset: 'a' }, {}), {
    ...refused,
    message: 'Expected no preset, as none is configured, but received "a"',
  });
});

const wrong: [text: string, message: RegExp][] = [
  ['thumb', /^Expected presets such as thumbnail:width=320&height=320 but received "thumb", for IMGWIRE_PRESETS$/],
  ['a b:width=1', /received "a b:width=1"/],
  ['a:width=0', /^Expected an integer from 1 to 8192 for width but received "0" in the preset a, for IMGWIRE_PRESETS$/],
  ['a:widht=1', /did you mean width\? in the preset a/],
  ['a:width=1&width=2', /^Expected width once/],
  ['a:width=1&w=2', /^Expected width once/],
  ['a:width=1;a:width=2', /^Expected the preset a once/],
  ['a:preset=b', /^Unknown parameter "preset"/],
];

for (const [text, message] of wrong) {
  test(`the presets ${text} fail the start`, () => {
    assert.throws(() => readConfig({ IMGWIRE_PRESETS: text }), { name: 'ConfigError', message });
  });
}

test('equivalent parameters have one canonical form', () => {
  const same: [object, object][] = [
    [{ pad: '10' }, { pad: '10,10,10,10' }],
    [{ pad: '0' }, {}],
    [{ pad: '007' }, { pad: '7' }],
    [{ focus: '.5,0.30' }, { focus: '0.5,0.3' }],
    [{ crop: '010,0,5,5' }, { crop: '10,0,5,5' }],
    [{ rotate: -90 }, { rotate: 270 }],
    [{ rotate: 360, hue: -360 }, {}],
    [{ trim: true }, { trim: true, trim_threshold: 10 }],
    [{ trim: false, trim_threshold: 30 }, {}],
    [{ trim_threshold: 30 }, {}],
    [{ background: '#FFF' }, {}],
    [{ background: 'rgb(255, 136, 0)' }, { background: '#f80' }],
    [{ background: 'transparent' }, { background: '#0000' }],
    [{ tint: 'RED' }, { tint: '#ff0000ff' }],
    [{ focus: '5e-1,3E-1' }, { focus: '0.5,0.3' }],
    [{ crop: '1e1,0,5,5.0' }, { crop: '10,0,5,5' }],
    [{ trim: false, flip: false, negate: false, brightness: 1, animated: true, metadata: 'strip' }, {}],
    [
      { width: 100, height: 33, dpr: 2 },
      { width: 200, height: 66 },
    ],
    [{ dpr: 3 }, {}],
    [{ watermark_scale: 0.5, watermark_position: 'top' }, {}],
    [
      { format: 'webp', width: 3 },
      { width: 3, format: 'webp' },
    ],
  ];
  for (const [one, other] of same)
    assert.equal(canonicalParameters(one), canonicalParameters(other), JSON.stringify(one));
  assert.notEqual(canonicalParameters({ trim: true }), canonicalParameters({}));
  assert.notEqual(canonicalParameters({ trim: true, trim_threshold: 0 }), canonicalParameters({ trim: true }));
  assert.notEqual(canonicalParameters({ background: '#fff8' }), canonicalParameters({ background: '#fff' }));
  assert.notEqual(canonicalParameters({ background: 'black' }), canonicalParameters({}));
  assert.notEqual(canonicalParameters({ page: 0 }), canonicalParameters({}));
});
