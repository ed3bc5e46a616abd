import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitEnvelope } from '../../src/gateway/zmq/envelope.ts';
import { peekReply, peekRequest } from '../../src/gateway/zmq/peek.ts';

const frames = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const strings = ({ envelope, body }: ReturnType<typeof splitEnvelope>) => ({
  envelope: envelope.map(String),
  body: body.map(String),
});

test('keeps every frame up to the first empty one for the reply', () => {
  assert.deepEqual(strings(splitEnvelope(frames('', '{}'))), { envelope: [''], body: ['{}'] });
  assert.deepEqual(strings(splitEnvelope(frames('n', '', '{}', 'image'))), {
    envelope: ['n', ''],
    body: ['{}', 'image'],
  });
  assert.deepEqual(strings(splitEnvelope(frames('', ''))), { envelope: [''], body: [''] });
  assert.deepEqual(strings(splitEnvelope(frames('{}'))), { envelope: [], body: [] });
});

const image = 'QUJD'.repeat(100_000);

test('reads a large request around its image, wherever the image stands', () => {
  for (const request of [
    { operation: 'upload', image_data: image },
    { image_data: image, operation: 'upload' },
    { operation: 'upload', request_id: 'r-1', image_data: image, timeout_ms: 500 },
  ]) {
    const peeked = peekRequest(Buffer.from(JSON.stringify(request)));
    assert.deepEqual(peeked?.request, { ...request, image_data: '' });
    assert.equal(String(peeked?.value), image);
  }
});

test('does not guess where the ends of a large request do not tell', () => {
  for (const text of [
    `${' '.repeat(100_000)}{"operation":"upload"}`,
    `{"operation":"nothing","image_data":"${image}"}`,
    `["${image}"]`,
    `"${image}"`,
    'x'.repeat(100_000),
  ]) {
    assert.equal(peekRequest(Buffer.from(text)), undefined);
  }
});

test('reads what a reply begins with', () => {
  const error = { status: 'error', code: 'timeout', message: 'x', request_id: 'a "b"' };
  assert.deepEqual(peekReply(Buffer.from(JSON.stringify(error))), { code: 'timeout', requestId: 'a "b"' });
  const success = { status: 'success', request_id: 'r', image_data: image };
  assert.deepEqual(peekReply(Buffer.from(JSON.stringify(success))), { code: 'success', requestId: 'r' });
});
