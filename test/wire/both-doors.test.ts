import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq, type ZmqClient } from '../helpers/zmq-client.ts';

/*
 * Sends the same cases in the same order to two empty services, to one over HTTP, to the other over ZeroMQ.
 */

/** An answer in a form common to both doors. */
interface Outcome {
  code: string;
  parameter?: unknown;
  fields?: Record<string, unknown>;
  image?: Buffer;
}

interface Fields {
  operation: string;
  image_id?: string;
  offset?: number;
  length?: number;
  [parameter: string]: unknown;
}

const maxUploadBytes = 1_000_000;
const picture = await photo(300, 200);
const other = await photo(64, 64, 'png');
const damaged = picture.subarray(0, picture.length / 2);
const id = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const absent = '0'.repeat(64);

/** Valid and invalid requests: the fields, and the image sent with them. */
const cases: [what: string, request: Fields, image?: Buffer][] = [
  ['list nothing', { operation: 'list' }],
  ['upload', { operation: 'upload' }, picture],
  ['upload it again', { operation: 'upload' }, picture],
  ['upload another', { operation: 'upload' }, other],
  ['list', { operation: 'list' }],
  ['list one', { operation: 'list', limit: 1 }],
  ['list after the first', { operation: 'list', cursor: 'from the reply before' }],
  ['info', { operation: 'info', image_id: id(picture) }],
  ['retrieve', { operation: 'retrieve', image_id: id(picture) }],
  ['retrieve a part', { operation: 'retrieve', image_id: id(picture), offset: 10, length: 20 }],
  ['resize', { operation: 'resize', image_id: id(picture), width: 100 }],
  ['resize by aliases', { operation: 'resize', image_id: id(picture), w: 100, h: 50, f: 'webp', q: 50, bg: 'red' }],
  [
    'contain',
    { operation: 'resize', image_id: id(picture), width: 90, height: 90, fit: 'contain', background: '#0f0' },
  ],
  [
    'every other parameter',
    { operation: 'resize', image_id: id(other), width: 99, position: 'right top', enlarge: false },
  ],
  ...['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'].map((format): [string, Fields] => [
    `resize to ${format}`,
    { operation: 'resize', image_id: id(picture), height: 40, format },
  ]),
  ['resize without storing', { operation: 'resize', width: 30, height: 20 }, other],
  ['delete', { operation: 'delete', image_id: id(other) }],
  ['delete it again', { operation: 'delete', image_id: id(other) }],
  ['retrieve a missing image', { operation: 'retrieve', image_id: absent }],
  ['resize a missing image', { operation: 'resize', image_id: absent, width: 10 }],
  ['info of a missing image', { operation: 'info', image_id: absent }],
  ['a path as an id', { operation: 'retrieve', image_id: '../../etc/passwd' }],
  ['an id in capitals', { operation: 'retrieve', image_id: 'A'.repeat(64) }],
  ['a width of zero', { operation: 'resize', image_id: id(picture), width: 0 }],
  ['a width that is not a number', { operation: 'resize', image_id: id(picture), width: 'abc' }],
  ['a width that is too large', { operation: 'resize', image_id: id(picture), width: 8193 }],
  ['a misspelt parameter', { operation: 'resize', image_id: id(picture), widht: 300 }],
  ['a name and its alias', { operation: 'resize', image_id: id(picture), width: 1, w: 1 }],
  ['an unknown fit', { operation: 'resize', image_id: id(picture), fit: 'tight' }],
  ['an unknown format', { operation: 'resize', image_id: id(picture), format: 'bmp' }],
  ['an invalid boolean', { operation: 'resize', image_id: id(picture), enlarge: 'maybe' }],
  ['an invalid colour', { operation: 'resize', image_id: id(picture), background: 'reddish' }],
  ['a limit of zero', { operation: 'list', limit: 0 }],
  ['an invalid cursor', { operation: 'list', cursor: '../..' }],
  ['upload nothing', { operation: 'upload' }, Buffer.alloc(0)],
  ['upload text', { operation: 'upload' }, Buffer.from('This is no image.')],
  ['upload the head of an image', { operation: 'upload' }, picture.subarray(0, 20)],
  ['resize a damaged image', { operation: 'resize', width: 10 }, damaged],
  ['resize text', { operation: 'resize', width: 10 }, Buffer.from('This is no image.')],
  ['upload too much', { operation: 'upload' }, Buffer.alloc(maxUploadBytes + 1, picture)],
  ['list again', { operation: 'list' }],
];

/** The expected error of a case; all others succeed. */
const errors: Record<string, string> = {
  'delete it again': 'not_found',
  'retrieve a missing image': 'not_found',
  'resize a missing image': 'not_found',
  'info of a missing image': 'not_found',
  'a path as an id': 'invalid_request',
  'an id in capitals': 'invalid_request',
  'a width of zero': 'invalid_request',
  'a width that is not a number': 'invalid_request',
  'a width that is too large': 'invalid_request',
  'a misspelt parameter': 'invalid_request',
  'a name and its alias': 'invalid_request',
  'an unknown fit': 'invalid_request',
  'an unknown format': 'invalid_request',
  'an invalid boolean': 'invalid_request',
  'an invalid colour': 'invalid_request',
  'a limit of zero': 'invalid_request',
  'an invalid cursor': 'invalid_request',
  'upload nothing': 'invalid_request',
  'upload text': 'unsupported_format',
  'upload the head of an image': 'unprocessable_image',
  'resize a damaged image': 'unprocessable_image',
  'resize text': 'unsupported_format',
  'upload too much': 'too_large',
};

function outcomeOf(body: Record<string, unknown>, image: Buffer | undefined): Outcome {
  if (body.code !== undefined) return { code: String(body.code), parameter: body.parameter };
  const { request_id: _id, message: _message, status: _status, created_at: _time, ...fields } = body;
  const images = (fields.images as Record<string, unknown>[] | undefined)?.map(({ created_at: _at, ...rest }) => rest);
  if (typeof fields.next_cursor === 'string') cursor = fields.next_cursor;
  return { code: 'success', fields: { ...fields, ...(images && { images }) }, ...(image && { image }) };
}

let cursor = '';

async function overZmq(client: ZmqClient, request: Fields, image?: Buffer): Promise<Outcome> {
  const { json, image: data } = await client.call(
    { ...request, transfer_encoding: 'binary' },
    ...(image === undefined ? [] : [image]),
  );
  return outcomeOf(json, data);
}

async function overHttp(base: string, { operation, image_id, offset, length, ...rest }: Fields, image?: Buffer) {
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const path = `/images/${encodeURIComponent(image_id ?? '')}`;
  const [method, url] = {
    upload: ['POST', '/images'],
    list: ['GET', `/images?${query}`],
    info: ['GET', `${path}/info`],
    retrieve: ['GET', path],
    resize: image === undefined ? ['GET', `${path}?${query}`] : ['POST', `/resize?${query}`],
    delete: ['DELETE', path],
  }[operation] as [string, string];
  const range = offset === undefined ? {} : { range: `bytes=${offset}-${offset + (length ?? 0) - 1}` };
  const form = new FormData();
  if (image !== undefined) form.set('image', new Blob([new Uint8Array(image)]), 'picture.jpg');
  const response = await fetch(base + url, { method, headers: range, ...(image && { body: form }) });
  if (response.headers.get('content-type')?.includes('json')) {
    return outcomeOf((await response.json()) as Record<string, unknown>, undefined);
  }
  assert.ok(response.ok);
  if (response.status === 204) return { code: 'success' };
  return { code: 'success', image: Buffer.from(await response.arrayBuffer()) };
}

test('both doors give the same results', async (t) => {
  const env = { IMGWIRE_MAX_UPLOAD_BYTES: String(maxUploadBytes), IMGWIRE_WORKERS: '1' };
  const [one, two] = await Promise.all([startService(t, { env }), startService(t, { env })]);
  const client = connectZmq(t, two.zmq);
  for (const [what, request, image] of cases) {
    await t.test(what, async () => {
      const sent = request.cursor === 'from the reply before' ? { ...request, cursor } : request;
      const http = await overHttp(one.http, sent, image);
      const zmq = await overZmq(client, sent, image);
      const code = errors[what] ?? 'success';
      assert.deepEqual([http.code, zmq.code], [code, code]);
      assert.deepEqual(http.parameter, zmq.parameter);
      assert.deepEqual(http.image, zmq.image);
      const isImage = code === 'success' && ['retrieve', 'resize'].includes(request.operation);
      assert.equal(isImage, (http.image?.length ?? 0) > 0);
      // Over HTTP, images and deletions are answered without JSON.
      if (http.fields) assert.deepEqual(http.fields, zmq.fields);
    });
  }
});
