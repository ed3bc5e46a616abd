import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64Frame, decodeImageData } from '../../src/worker/base64.ts';

const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x00, 0x10, 0x83, 0xfa]);
const text = bytes.toString('base64');

test('decodes all variants of base64', () => {
  const spellings = {
    padded: text,
    unpadded: text.replaceAll('=', ''),
    url: bytes.toString('base64url'),
    lines: `${text.slice(0, 4)}\r\n${text.slice(4)}\n`,
    'data URI': `data:image/png;base64,${text}`,
    'data URI with a parameter': `data:image/svg+xml;charset=utf-8;BASE64,${text}`,
  };
  for (const [spelling, given] of Object.entries(spellings)) assert.deepEqual(decodeImageData(given), bytes, spelling);
});

test('decodes every length, with and without padding', () => {
  for (let length = 0; length < 10; length += 1) {
    const some = Buffer.alloc(length, 0xa5);
    assert.deepEqual(decodeImageData(some.toString('base64')), some);
    assert.deepEqual(decodeImageData(some.toString('base64url')), some);
  }
});

const garbage = [
  '%',
  'TWFu%',
  'TW%Fu',
  'TWFuT',
  'TWE=TWE=',
  'TWFu=',
  'TWE==',
  '====',
  'TWFŁ',
  'TWF\u00c1',
  'http://a/b.png',
];

for (const given of [...garbage, 'data:image/png,TWFu', 'data:image/png;base64,T%Fu']) {
  test(`rejects ${given}`, () => {
    assert.throws(() => decodeImageData(given), {
      code: 'invalid_request',
      parameter: 'image_data',
      message: `Expected base64 for image_data but received ${JSON.stringify(given)}`,
    });
  });
}

test('decodes a frame of base64 copied from JSON, escapes included', () => {
  const slashes = Buffer.from('///+', 'base64');
  const spellings = ['///+', '\\/\\/\\/+', '//\\n/+', '\\u002f//+', 'data:image\\/png;base64,\\/\\/\\/+'];
  for (const given of spellings) assert.deepEqual(decodeBase64Frame(Buffer.from(given)), slashes, given);
  assert.deepEqual(decodeBase64Frame(Buffer.alloc(0)), Buffer.alloc(0));
});

for (const given of ['TWFu"', 'TW\\nFu"', 'TWFu\\', 'TWFu\\x', '"TWFu"', 'TWFu\\"', 'TW\u0000Fu']) {
  test(`rejects a frame of ${JSON.stringify(given)}`, () => {
    assert.throws(() => decodeBase64Frame(Buffer.from(given)), {
      code: 'invalid_request',
      parameter: 'image_data',
      message: /^Expected base64 for image_data but received /,
    });
  });
}

test('rejects a wrong character at every position', () => {
  for (let at = 0; at < text.length; at += 1) {
    assert.throws(() => decodeImageData(`${text.slice(0, at)}!${text.slice(at + 1)}`), { code: 'invalid_request' });
  }
});
