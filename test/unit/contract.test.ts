import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodeNames, RequestError, retryAfter } from '../../src/contract/errors.ts';
import { parseLaneMessage } from '../../src/contract/lane-message.ts';
import { ErrorReply, requestSchemas } from '../../src/contract/message-schemas.ts';
import { errorReply, parseMessage } from '../../src/contract/messages.ts';
import { canonicalParameters, type ParameterName, parameterRecords } from '../../src/contract/parameters.ts';
import { parseValue } from '../../src/contract/parse-query.ts';
import { Check } from '../../src/contract/typebox.ts';
import { checkRequest } from '../../src/contract/validate.ts';

const id = 'a'.repeat(64);

function parse(request: unknown, ...more: Buffer[]) {
  return parseMessage([Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), ...more]);
}

function mistake(run: () => unknown): { code: string; message: string; parameter: string | undefined } {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RequestError, String(error));
    const { code, message, parameter } = error;
    return { code, message, parameter };
  }
  throw new Error('Expected an error');
}

test('accepts a valid request and resolves its aliases', () => {
  const { request } = parse({ operation: 'resize', image_id: id, w: 300, bg: 'white' });
  assert.deepEqual(request, { operation: 'resize', image_id: id, width: 300, background: 'white' });
});

test('accepts an image as a second frame instead of image_data', () => {
  const { image } = parse({ operation: 'upload' }, Buffer.from('bytes'));
  assert.equal(String(image), 'bytes');
});

const mistakes: [what: string, request: unknown, code: string, parameter: string | undefined, message: RegExp][] = [
  ['invalid JSON', '{"operation":', 'invalid_request', undefined, /Expected a JSON object but received "{\\"operation/],
  ['an empty message', '', 'invalid_request', undefined, /empty message/],
  ['an array', [], 'invalid_request', undefined, /Expected a JSON object but received an array/],
  ['a bare NaN', 'NaN', 'invalid_request', undefined, /Expected a JSON object but received "NaN"/],
  ['null', 'null', 'invalid_request', undefined, /received null/],
  ['no operation', {}, 'invalid_request', 'operation', /one of upload, retrieve, resize, info, list, delete, ping/],
  [
    'an unknown operation',
    { operation: 'x' },
    'invalid_operation',
    'operation',
    /^Invalid operation "x"; expected one of upload/,
  ],
  [
    'a misspelt operation',
    { operation: 'resise' },
    'invalid_operation',
    'operation',
    /^Invalid operation "resise"; did you mean resize\?$/,
  ],
  [
    'an operation that is not a string',
    { operation: [7] },
    'invalid_operation',
    'operation',
    /^Invalid operation an array;/,
  ],
  [
    'an inherited name',
    { operation: 'constructor' },
    'invalid_operation',
    'operation',
    /^Invalid operation "constructor"; expected/,
  ],
  [
    'a missing field',
    { operation: 'delete' },
    'invalid_request',
    'image_id',
    /64 lowercase hex digits for image_id but it is missing/,
  ],
  [
    'a path as an id',
    { operation: 'info', image_id: '../../etc/passwd' },
    'invalid_request',
    'image_id',
    /received "..\/..\/etc\/passwd"/,
  ],
  [
    'a misspelt field',
    { operation: 'resize', image_id: id, widht: 3 },
    'invalid_request',
    'widht',
    /Unknown parameter "widht"; did you mean width\?/,
  ],
  [
    'an unknown field unlike any other',
    { operation: 'ping', zzzzzzzzzzzz: 3 },
    'invalid_request',
    'zzzzzzzzzzzz',
    /expected one of request_id, timeout_ms/,
  ],
  [
    'a width of zero',
    { operation: 'resize', image_id: id, width: 0 },
    'invalid_request',
    'width',
    /^Expected an integer from 1 to 8192 for width but received 0$/,
  ],
  [
    'a width that is not a number',
    { operation: 'resize', image_id: id, width: 'abc' },
    'invalid_request',
    'width',
    /^Expected an integer from 1 to 8192 for width but received "abc"$/,
  ],
  [
    'a name together with its alias',
    { operation: 'resize', image_id: id, w: 1, width: 1 },
    'invalid_request',
    'width',
    /width once/,
  ],
  [
    'an unknown fit',
    { operation: 'resize', image_id: id, fit: 'x' },
    'invalid_request',
    'fit',
    /one of cover, contain, fill, inside, outside/,
  ],
  [
    'an invalid colour',
    { operation: 'resize', image_id: id, background: 'reddish' },
    'invalid_request',
    'background',
    /CSS colour/,
  ],
  [
    'no image',
    { operation: 'resize', width: 1 },
    'invalid_request',
    'image_data',
    /one of image_id, image_data or a second frame/,
  ],
  [
    'two images',
    { operation: 'resize', image_id: id, image_data: 'AA==' },
    'invalid_request',
    'image_id',
    /image_id and image_data/,
  ],
  [
    'a long text',
    { operation: 'resize', image_id: 'x'.repeat(1000) },
    'invalid_request',
    'image_id',
    /… \(1000 characters\)$/,
  ],
];

for (const [what, request, code, parameter, message] of mistakes) {
  test(`rejects ${what}, and says what was expected`, () => {
    const error = mistake(() => parse(request));
    assert.deepEqual({ code: error.code, parameter: error.parameter }, { code, parameter });
    assert.match(error.message, message);
  });
}

test('rejects more than two frames, an unexpected image, and invalid UTF-8', () => {
  const extra = Buffer.from('x');
  assert.match(mistake(() => parse({ operation: 'upload' }, extra, extra)).message, /received 3 frames/);
  assert.match(mistake(() => parse({ operation: 'ping' }, extra)).message, /no image with ping/);
  assert.match(mistake(() => parseMessage([Buffer.from([0xff, 0xfe])])).message, /UTF-8/);
});

const laneRequests: [object, string][] = [
  [
    { operation: 'resize', image_id: id, format: 'auto', accept: [{ format: 'avif', weight: 1, named: true }] },
    'accept',
  ],
  [{ operation: 'retrieve', image_id: id, range: { last: 500 } }, 'range'],
  [{ operation: 'upload', image_encoding: 'base64' }, 'image_encoding'],
];

for (const [request, field] of laneRequests) {
  test(`accepts ${field} on a lane, but not from clients`, () => {
    const frames = [Buffer.from(JSON.stringify(request)), ...(field === 'image_encoding' ? [Buffer.from('AA==')] : [])];
    assert.deepEqual(parseLaneMessage(frames).request, request);
    assert.equal(mistake(() => parseMessage(frames)).parameter, field);
    const wrong = Buffer.from(JSON.stringify({ ...request, [field]: 7 }));
    assert.equal(mistake(() => parseLaneMessage([wrong, ...frames.slice(1)])).parameter, field);
  });
}

test('an error has retry_after if its code has one', () => {
  for (const code of errorCodeNames) {
    const reply = errorReply(new RequestError(code, 'no'), 'r');
    assert.equal(reply.retry_after, retryAfter(code), code);
    assert.equal('retry_after' in reply, retryAfter(code) !== undefined, code);
    assert.ok(Check(ErrorReply, reply));
  }
  assert.equal(errorReply(new RequestError('overloaded', 'no'), 'r').retry_after, 1);
});

test('parses text values by their schema', () => {
  const { width, enlarge, fit } = requestSchemas.resize.properties as Record<string, object>;
  assert.equal(parseValue('width', width as object, '12'), 12);
  assert.equal(parseValue('enlarge', enlarge as object, 'false'), false);
  assert.equal(parseValue('fit', fit as object, 'inside'), 'inside');
  for (const text of [
    '',
    ' 1',
    '1.5',
    '1e4',
    '1e-1',
    'e2',
    '1e',
    '1e2.5',
    '0x10',
    '1e999',
    '9'.repeat(20),
    '-1',
    'abc',
  ]) {
    assert.equal(mistake(() => parseValue('width', width as object, text)).parameter, 'width');
  }
});

const schemaOf = (name: string) => parameterRecords[name as ParameterName].schema;

/** A value as parsed from a query string and from JSON, whose numbers are spelled as given. */
function bothWays(name: string, text: string, json: string): unknown[] {
  const { request } = parse(`{"operation":"resize","image_id":"${id}","${name}":${json}}`);
  return [parseValue(name, schemaOf(name), text), (request as Record<string, unknown>)[name]];
}

/** Numbers as Python and other languages print them. */
const numbers: [name: string, text: string, value: number][] = [
  ['width', '1E2', 100],
  ['width', '1e+2', 100],
  ['width', '100.0', 100],
  ['rotate', '-1.5E1', -15],
  ['rotate', '-1e-05', -0.00001],
  ['watermark_opacity', '1e-5', 0.00001],
  ['watermark_opacity', '5e-1', 0.5],
  ['trim_threshold', '2.55E2', 255],
];

for (const [name, text, value] of numbers) {
  test(`accepts ${text} for ${name}, in a query string and in JSON`, () => {
    assert.deepEqual(bothWays(name, text, text), [value, value]);
  });
}

test('accepts the number formats of programs in lists, in a query string and in JSON', () => {
  for (const [name, text] of [
    ['focus', '1e-07,0.5'],
    ['focus', '0.3333333333333333,1E0'],
    ['crop', '1e1,0,2E2,100.0'],
    ['pad', '1e1'],
    ['pad', '1e1,0,0,1.0'],
  ] as const) {
    const numbers = text.split(',').map(Number);
    for (const json of [JSON.stringify(text), `[${text}]`]) {
      const read = bothWays(name, text, json);
      assert.deepEqual(
        read.map((list) => String(list).split(',').map(Number)),
        [numbers, numbers],
      );
      const [one, other] = read.map((list) => canonicalParameters({ [name]: list }));
      assert.equal(one, other);
    }
  }
  for (const [name, text] of [
    ['focus', '1e-07'],
    ['focus', '1e1,0'],
    ['focus', '-1e-3,0'],
    ['crop', '0,0,1e-1,5'],
    ['crop', '0,0,1e999,5'],
    ['pad', '1e4'],
    ['pad', '5e-1'],
  ] as const) {
    assert.equal(mistake(() => parseValue(name, schemaOf(name), text)).parameter, name);
    assert.equal(mistake(() => bothWays(name, '1', JSON.stringify(text))).parameter, name);
  }
});

test('hex colours mean the same with and without #, in a query string and in JSON', () => {
  for (const name of ['background', 'tint']) {
    for (const digits of ['ff8800', 'FF8800', 'f80', 'ff880080', 'f808', '012']) {
      const hashed = bothWays(name, `#${digits}`, `"#${digits}"`);
      assert.deepEqual(bothWays(name, digits, `"${digits}"`), hashed);
      assert.deepEqual(hashed, [`#${digits}`, `#${digits}`]);
    }
    for (const wrong of ['ff', 'ff880', 'ff88001', 'ff8800zz', '##f80', 'ff8800800', 'ggg', '']) {
      assert.match(
        mistake(() => parseValue(name, schemaOf(name), wrong)).message,
        /^Expected a CSS colour such as white, ff8800, #ff8800 .* but received "/,
      );
      assert.equal(mistake(() => bothWays(name, 'red', JSON.stringify(wrong))).parameter, name);
    }
  }
  const { request } = parse({
    operation: 'resize',
    image_id: id,
    bg: 'f80',
    variants: [{ bg: '0af' }, { tint: '123' }],
  });
  assert.deepEqual(request, {
    operation: 'resize',
    image_id: id,
    background: '#f80',
    variants: [{ background: '#0af' }, { tint: '#123' }],
  });
});

test('trim is an ordinary boolean', () => {
  const read = ['1', 'true', '0', 'false'].map((text) => parseValue('trim', schemaOf('trim'), text));
  assert.deepEqual(read, [true, true, false, false]);
  for (const text of ['2', '10', '-1', '', 'yes']) {
    assert.match(
      mistake(() => parseValue('trim', schemaOf('trim'), text)).message,
      /^Expected true or false for trim but received "/,
    );
  }
  assert.equal(mistake(() => bothWays('trim', '1', '10')).parameter, 'trim');
});

test('a list is ordered by id or newest', () => {
  assert.deepEqual(parse({ operation: 'list', order: 'newest' }).request, { operation: 'list', order: 'newest' });
  assert.match(
    mistake(() => parse({ operation: 'list', order: 'oldest' })).message,
    /^Expected one of id, newest for order but received "oldest"$/,
  );
});

test('equivalent parameters have one canonical form', () => {
  const canonical = canonicalParameters({ width: 300, format: 'webp' });
  assert.equal(canonical, 'width=300&format=webp');
  assert.equal(canonicalParameters({ format: 'webp', fit: 'cover', width: 300, enlarge: true }), canonical);
  assert.notEqual(canonicalParameters({ format: 'webp', fit: 'contain', width: 300 }), canonical);
});

test('a colour has one canonical form', () => {
  const canonicalOf = (background: string) => canonicalParameters({ background });
  const same = ['ff8800', '#F80', 'rgb(255 136 0)', 'rgba(255, 136, 0, 1)', 'rgb(100%, 53.33%, 0%)'];
  assert.equal(new Set(same.map(canonicalOf)).size, 1);
  const others = [
    'white',
    'transparent',
    '#ff880080',
    'rgb(1 2 3 / 0.333)',
    'rgb(1.5 2 3 / 0.0000001)',
    'hsl(9 9% 9%)',
  ];
  assert.equal(new Set([...same, ...others].map(canonicalOf)).size, others.length + 1);
});

test('rejects far too long or too many values without examining them in full', () => {
  const length = 60_000;
  const long = ['1', ' ', '.', '9,', 'e'].flatMap((part) => {
    const text = part.repeat(length / part.length);
    return [text, `${text}x`, `hsl(1${text}`, `rgb(1 1 1${text}`];
  });
  const before = performance.now();
  for (const name of Object.keys(parameterRecords) as ParameterName[]) {
    for (const text of long) {
      assert.equal(mistake(() => parse({ operation: 'resize', image_id: id, [name]: text })).parameter, name);
      assert.ok(mistake(() => parseValue(name, parameterRecords[name].schema, text)).message.length < 400);
    }
  }
  let reads = 0;
  const set = {
    get width() {
      reads += 1;
      return 1;
    },
  };
  const variants = Array.from({ length: 20_000 }, () => set);
  const { message, parameter } = mistake(() => checkRequest({ operation: 'resize', image_id: id, variants }));
  assert.equal(parameter, 'variants');
  // The schema check reads each five times; finding the mistake must not read them again.
  assert.ok(reads < 8 * variants.length, `${reads}`);
  assert.match(message, /^Expected an array of 1 to 20 objects for variants but received an array$/);
  assert.match(mistake(() => parse({ operation: 'resize', image_id: id, [long[0] as string]: 1 })).message, /^Unknown/);
  // Some of these once blocked the event loop for many seconds each.
  assert.ok(performance.now() - before < 5000);
});
