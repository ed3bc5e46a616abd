import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodeNames, RequestError, retryAfter } from '../../src/contract/errors.ts';
import { parseLaneMessage } from '../../src/contract/lane-message.ts';
import { errorReply, parseMessage } from '../../src/contract/messages.ts';
import { ErrorReply, requestSchemas } from '../../src/contract/operations.ts';
import { canonicalParameters } from '../../src/contract/parameters.ts';
import { valueFromText } from '../../src/contract/text.ts';
import { Check } from '../../src/contract/typebox.ts';

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

test('takes a valid request and resolves its aliases', () => {
  const { request } = parse({ operation: 'resize', image_id: id, w: 300, bg: 'white' });
  assert.deepEqual(request, { operation: 'resize', image_id: id, width: 300, background: 'white' });
});

test('takes an image as a second frame in place of image_data', () => {
  const { image } = parse({ operation: 'upload' }, Buffer.from('bytes'));
  assert.equal(String(image), 'bytes');
});

const mistakes: [what: string, request: unknown, code: string, parameter: string | undefined, message: RegExp][] = [
  ['no JSON', '{"operation":', 'invalid_request', undefined, /Expected a JSON object but received "{\\"operation/],
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
    'an operation that is no text',
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
    'an unlike field',
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
    'a width in words',
    { operation: 'resize', image_id: id, width: 'abc' },
    'invalid_request',
    'width',
    /^Expected an integer from 1 to 8192 for width but received "abc"$/,
  ],
  [
    'a name beside its alias',
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
    'no colour',
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
  test(`refuses ${what}, with what was expected`, () => {
    const error = mistake(() => parse(request));
    assert.deepEqual({ code: error.code, parameter: error.parameter }, { code, parameter });
    assert.match(error.message, message);
  });
}

test('refuses more than two frames, an image where none is taken, and bytes that are no UTF-8', () => {
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
  test(`a lane takes ${field}, which clients may not send`, () => {
    const frames = [Buffer.from(JSON.stringify(request)), ...(field === 'image_encoding' ? [Buffer.from('AA==')] : [])];
    assert.deepEqual(parseLaneMessage(frames).request, request);
    assert.equal(mistake(() => parseMessage(frames)).parameter, field);
    const wrong = Buffer.from(JSON.stringify({ ...request, [field]: 7 }));
    assert.equal(mistake(() => parseLaneMessage([wrong, ...frames.slice(1)])).parameter, field);
  });
}

test('an error says when to try again where that can help', () => {
  for (const code of errorCodeNames) {
    const reply = errorReply(new RequestError(code, 'no'), 'r');
    assert.equal(reply.retry_after, retryAfter(code), code);
    assert.equal('retry_after' in reply, retryAfter(code) !== undefined, code);
    assert.ok(Check(ErrorReply, reply));
  }
  assert.equal(errorReply(new RequestError('overloaded', 'no'), 'r').retry_after, 1);
});

test('reads values from text by their schema', () => {
  const { width, enlarge, fit } = requestSchemas.resize.properties as Record<string, object>;
  assert.equal(valueFromText('width', width as object, '12'), 12);
  assert.equal(valueFromText('enlarge', enlarge as object, 'false'), false);
  assert.equal(valueFromText('fit', fit as object, 'inside'), 'inside');
  for (const text of ['', ' 1', '1.5', '1e3', '0x10', '99999999999999999999', '-1', 'abc']) {
    assert.equal(mistake(() => valueFromText('width', width as object, text)).parameter, 'width');
  }
});

test('has one canonical form for parameters that mean the same', () => {
  const canonical = canonicalParameters({ width: 300, format: 'webp' });
  assert.equal(canonical, 'width=300&format=webp');
  assert.equal(canonicalParameters({ format: 'webp', fit: 'cover', width: 300, enlarge: true }), canonical);
  assert.notEqual(canonicalParameters({ format: 'webp', fit: 'contain', width: 300 }), canonical);
});
