import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import type { AcceptedFormat } from '../../src/contract/lane.ts';
import { openDiskCache } from '../../src/gateway/cache/disk.ts';
import { createMemoryCache } from '../../src/gateway/cache/memory.ts';
import type { Job } from '../../src/gateway/dispatch/job.ts';
import { createImageService } from '../../src/gateway/service/image-service.ts';
import { createOpenRequests } from '../../src/gateway/service/request-context.ts';

const [imageId, logo] = ['a'.repeat(64), 'b'.repeat(64)] as [string, string];
const accept: AcceptedFormat[] = [{ format: 'webp', weight: 1, named: true }];

/** The service with a function in place of its workers, and without a disk cache. */
async function open(answer: (request: Record<string, unknown>, job: Job) => Promise<object> | object) {
  const dispatched: Record<string, unknown>[] = [];
  const requests = createOpenRequests(5000);
  const service = createImageService({
    dispatcher: {
      async dispatch(job) {
        const request = JSON.parse(String(job.frames[0]));
        dispatched.push(request);
        const fields = await answer(request, job);
        return [Buffer.from(JSON.stringify({ status: 'success', message: 'm', request_id: 'r', ...fields })), image];
      },
    },
    memory: createMemoryCache(1_000_000),
    disk: await openDiskCache({ folder: '/nowhere', maxBytes: 0, log: undefined as never }),
    presets: { small: { width: 9 } },
    version: () => 'v1',
  });
  return { service, dispatched, context: () => requests.open({ requestId: 'r', door: 'http', client: {} }) };
}

const image = Buffer.from('0123456789');
const made = { format: 'webp', media_type: 'image/webp', width: 9, height: 9, size: 10 };

test('caches a result of format=auto under the format the worker chose', async () => {
  const { service, dispatched, context } = await open(() => made);
  const auto = { operation: 'resize', image_id: imageId, width: 9, format: 'auto', accept } as const;
  assert.equal(service.keyOf(imageId, { width: 9, format: 'auto' }, accept), undefined);
  await service.perform<'resize'>(auto, context());
  assert.deepEqual(dispatched[0]?.accept, accept);
  const key = service.keyOf(imageId, { width: 9, format: 'auto' }, accept);
  assert.equal(key, service.keyOf(imageId, { width: 9, format: 'webp' }));
  await service.perform<'resize'>({ operation: 'resize', image_id: imageId, width: 9, format: 'webp' }, context());
  await service.perform<'resize'>(auto, context());
  assert.equal(dispatched.length, 1);
});

test('equivalent requests share a key, and a preset has the key of its parameters', async () => {
  const { service } = await open(() => made);
  assert.equal(service.keyOf(imageId, { width: 9, fit: 'cover' }), service.keyOf(imageId, { preset: 'small' }));
  assert.notEqual(service.keyOf(imageId, { width: 9 })?.etag, service.keyOf(imageId, { width: 8 })?.etag);
  assert.throws(() => service.keyOf(imageId, { preset: 'none' }), { code: 'invalid_request' });
});

test('serves ranges of an original from memory', async () => {
  const { service, dispatched, context } = await open(() => ({ format: 'png', media_type: 'image/png', size: 10 }));
  const retrieve = { operation: 'retrieve', image_id: imageId } as const;
  await service.perform<'retrieve'>(retrieve, context());
  const parts: [request: object, text: string, offset?: number][] = [
    [{}, '0123456789'],
    [{ offset: 2, length: 3 }, '234'],
    [{ range: { first: 2, last: 4 } }, '234', 2],
    [{ range: { first: 8 } }, '89', 8],
    [{ range: { last: 3 } }, '789', 7],
    [{ range: { last: 99 } }, '0123456789', 0],
    [{ range: { first: 10, last: 12 } }, '', 10],
  ];
  for (const [part, text, offset] of parts) {
    const { fields, images } = await service.perform<'retrieve'>({ ...retrieve, ...part }, context());
    assert.deepEqual([String(images[0]), fields.offset, fields.size], [text, offset, 10], JSON.stringify(part));
  }
  assert.equal(dispatched.length, 1);
});

test('invalidates a deleted image and results with it as watermark, even if the caller has disconnected', async () => {
  let release = () => {};
  const begun = new Promise<void>((resolve) => {
    release = resolve;
  });
  let finish = () => {};
  const { service, context } = await open(({ operation }, { signal }) => {
    if (operation !== 'delete') return made;
    release();
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new RequestError('timeout', 'Gone')));
      finish = () => resolve({ image_id: logo });
    });
  });
  const resize = { operation: 'resize', image_id: imageId, width: 9, watermark: logo } as const;
  const key = service.keyOf(imageId, { width: 9, watermark: logo });
  assert.ok(key);
  const caller = context();
  const deleted = service.perform<'delete'>({ operation: 'delete', image_id: logo }, caller);
  await begun;
  caller.abort();
  await service.perform<'resize'>(resize, context());
  assert.ok(service.peek(key));
  finish();
  await deleted;
  assert.equal(service.peek(key), undefined);
});
