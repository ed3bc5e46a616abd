import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import { splitEnvelope } from '../../src/gateway/zmq/envelope.ts';
import { readLargeMessage, unescapeBase64 } from '../../src/gateway/zmq/large-message.ts';
import { readIdAndOperation, readRequest } from '../../src/gateway/zmq/read-request.ts';

const frames = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const strings = ({ envelope, body }: ReturnType<typeof splitEnvelope>) => ({
  envelope: envelope.map(String),
  body: body.map(String),
});
const maxUploadBytes = 10_000_000;
const read = (...body: Buffer[]) => readRequest(body, maxUploadBytes);
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof RequestError && error.code === 'invalid_request' && message.test(error.message);

test('the envelope is every frame up to the first empty one', () => {
  assert.deepEqual(strings(splitEnvelope(frames('', '{}'))), { envelope: [''], body: ['{}'] });
  assert.deepEqual(strings(splitEnvelope(frames('n', '', '{}', 'image'))), {
    envelope: ['n', ''],
    body: ['{}', 'image'],
  });
  assert.deepEqual(strings(splitEnvelope(frames('', ''))), { envelope: [''], body: [''] });
  assert.deepEqual(strings(splitEnvelope(frames('{}'))), { envelope: [], body: [] });
});

test('a frame too long for a routing id is not part of an envelope', () => {
  const id = 'n'.repeat(255);
  assert.deepEqual(strings(splitEnvelope(frames(id, 'n', '', '{}'))), { envelope: [id, 'n', ''], body: ['{}'] });
  for (const before of [[`${id}n`], ['n', `${id}n`]])
    assert.deepEqual(splitEnvelope(frames(...before, '', '{}')), { envelope: [], body: [] });
});

const image = 'QUJD'.repeat(100_000);

test('parses a large request without its image, wherever the image is', async () => {
  for (const request of [
    { operation: 'upload', image_data: image },
    { image_data: image, operation: 'upload' },
    { operation: 'upload', request_id: 'r-1', image_data: image, timeout_ms: 500 },
  ]) {
    const frame = Buffer.from(JSON.stringify(request, null, 1));
    const { image_data: _, ...rest } = request;
    const incoming = read(frame);
    assert.deepEqual(incoming.request, rest);
    const { bytes, encoding } = (await incoming.image()) ?? {};
    assert.deepEqual([String(bytes), encoding], [image, 'base64']);
    assert.equal(readIdAndOperation([frame]).request_id, request.request_id);
  }
});

test('ignores a byte order mark before JSON of any size', async () => {
  for (const image_data of ['QUJD', image]) {
    const frame = Buffer.from(`\uFEFF${JSON.stringify({ operation: 'upload', request_id: 'r-1', image_data })}`);
    const { request } = read(frame);
    assert.deepEqual([request.operation, request.request_id], ['upload', 'r-1']);
    assert.deepEqual(readIdAndOperation([frame]), { operation: 'upload', request_id: 'r-1' });
  }
  const utf16 = Buffer.from('\uFEFF{"operation":"ping"}', 'utf16le');
  for (const frame of [utf16, Buffer.from('\uFEFF'), Buffer.from('\uFEFF\uFEFF{"operation":"ping"}')])
    assert.throws(() => read(frame), refused(/JSON/));
});

test('shows a number that is too large for a double', () => {
  const resize = Buffer.from(`{"operation":"resize","image_id":"${'a'.repeat(64)}","width":1e400}`);
  assert.throws(() => read(resize), refused(/for width but received Infinity$/));
  assert.throws(() => read(Buffer.from('-1e400')), refused(/JSON object but received -Infinity$/));
});

test('rejects large JSON unless its one long value is image_data', () => {
  for (const [text, message] of [
    [`${' '.repeat(100_000)}{"operation":"upload"}`, /JSON object/],
    [`["${image}"]`, /received an array/],
    [`"${image}"`, /JSON object/],
    ['x'.repeat(100_000), /JSON object/],
    [`{"operation":"upload","image_data":"${image}`, /JSON object/],
    [`{"operation":"resize","variants":[{"image_data":"${image}"}]}`, /JSON object/],
    [`{"operation":"list","cursor":"\\"image_data\\":\\"${image}"}`, /JSON object/],
    [`{"operation":"list","image_data":"${image}"}`, /image_data/],
    [`{"operation":"info","image_id":"${'a'.repeat(64)}","image_data":"${image}"}`, /image_id and image_data/],
  ] as const) {
    assert.throws(() => read(Buffer.from(text)), refused(message), text.slice(0, 80));
  }
});

test('rejects duplicate names in JSON, however they are escaped', async () => {
  const large = `{"operation":"resize","width":1,"image_data":"${image}","width":2}`;
  for (const text of [
    '{"operation":"resize","image_data":"QQ==","width":1,"width":2}',
    '{"operation":"delete","operation":"ping"}',
    '{"operation":"resize","image_data":"QQ==","width":1, "w\\u0069dth" : 1}',
    '{"operation":"resize","image_data":"QQ==","variants":[{"width":1},{"width":1,"width":2}]}',
    large,
  ]) {
    assert.throws(() => read(Buffer.from(text)), refused(/^Expected (width|operation) once/), text.slice(0, 60));
  }
  const fine =
    '{"operation":"resize","image_data":"QQ==","request_id":"a:\\"b\\":","variants":[{"width":1},{"width":1}]}';
  assert.equal(read(Buffer.from(fine)).request.request_id, 'a:"b":');
  for (const text of [
    `{"operation":"upload","image_data":"${image}","image_data":"QQ=="}`,
    `{"operation":"upload","image_data":"QQ==","image_data":"${image}"}`,
    `{"operation":"upload","image_data":"${image}","image_data":"${image}"}`,
    `{"operation":"upload","image_data":"${image}","image\\u005fdata":"QQ=="}`,
  ]) {
    assert.throws(() => read(Buffer.from(text)), refused(/once/), text.slice(0, 60));
  }
});

test('does not parse a large JSON frame next to an image frame', () => {
  const json = Buffer.from(JSON.stringify({ operation: 'upload', image_data: image }));
  assert.throws(() => read(json, Buffer.from('image')), refused(/at most 65536 bytes of JSON beside a second frame/));
  const invalid = Buffer.alloc(100_000, 'x');
  assert.throws(() => read(invalid, Buffer.from('image')), refused(/beside a second frame/));
});

test('resolves JSON escapes in base64', async () => {
  const text = 'ab/+'.repeat(50_000);
  for (const escaped of [
    text,
    text.replaceAll('/', '\\/'),
    text.replaceAll('+', '\\u002B'),
    text.replace(/.{76}/g, '$&\\n'),
  ]) {
    const { text: value } = readLargeMessage(Buffer.from(`{"image_data":"${escaped}"}`));
    assert.equal(String(await unescapeBase64(value)).replaceAll('\n', ''), text);
  }
  await assert.rejects(unescapeBase64(Buffer.from('a\\xb')), RequestError);
});

test('finds a valid request id in an invalid request', () => {
  assert.equal(readIdAndOperation(frames('{"operation":"explode","request_id":"r"}')).request_id, 'r');
  for (const text of ['{"request_id":7}', '{"request_id":""}', '{"request_id":"é"}', 'null', '[', '']) {
    assert.equal(readIdAndOperation(frames(text)).request_id, undefined);
  }
});
