import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import sharp from 'sharp';
import { svg } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { sourceKinds } from '../helpers/source-kinds.ts';
import { connectZmq, type ZmqClient } from '../helpers/zmq-client.ts';

const picture = await photo(600, 401);
const images: Record<string, Buffer> = {
  photograph: picture,
  'turned photograph': await sharp(picture).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  drawing: svg,
  transparent: (await sourceKinds.transparent?.()) as Buffer,
  'grey jpeg': (await sourceKinds['grey jpeg']?.()) as Buffer,
  '16 bits P3': (await sourceKinds['16 bits P3']?.()) as Buffer,
  animated: (await sourceKinds.animated?.()) as Buffer,
};

const sets: Record<string, string | number | boolean>[] = [
  { width: 160 },
  { width: 320, format: 'webp' },
  { width: 300, format: 'avif' },
  { width: 90, height: 20, fit: 'contain', background: 'red', format: 'png' },
  { width: 20, height: 25, position: 'left' },
  { height: 15, dpr: 2, enlarge: false },
  { rotate: 20, negate: true, format: 'png' },
  { blur: 2, brightness: 1.2, format: 'jpeg' },
  { normalize: true, tint: 'red', format: 'gif' },
  { format: 'jpeg', max_bytes: 3000, width: 60 },
];

const idOf = (image: Buffer) => createHash('sha256').update(image).digest('hex');
const query = (set: object) =>
  String(new URLSearchParams(Object.entries(set).map(([name, value]): [string, string] => [name, String(value)])));

async function bytesOf(response: Response): Promise<Buffer> {
  assert.equal(response.status, 200, await response.clone().text());
  return Buffer.from(await response.arrayBuffer());
}

const get = async ({ http }: Service, id: string, set: object) =>
  bytesOf(await fetch(`${http}/images/${id}?${query(set)}`));
const post = async ({ http }: Service, image: Buffer, set: object) =>
  bytesOf(
    await fetch(`${http}/resize?${query(set)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(image),
    }),
  );

async function overZmq(client: ZmqClient, id: string, set: object): Promise<Buffer> {
  const { json, image } = await client.call({
    operation: 'resize',
    image_id: id,
    transfer_encoding: 'binary',
    ...set,
  });
  assert.equal(json.status, 'success', JSON.stringify(json));
  return image as Buffer;
}

async function inVariants(client: ZmqClient, id: string, variants: readonly object[]): Promise<Buffer[]> {
  const request = { operation: 'resize', image_id: id, transfer_encoding: 'binary', variants };
  const { json, frames } = await client.call(request);
  assert.equal(json.status, 'success', JSON.stringify(json));
  return frames.slice(1);
}

test('a result has the same bytes alone and in variants, at both doors, cached or not, from each worker', async (t) => {
  const caching = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const off = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0', IMGWIRE_LOG_LEVEL: 'debug' };
  const uncached = await startService(t, { env: { IMGWIRE_WORKERS: '2', ...off } });
  const [client, other] = [connectZmq(t, caching.zmq), connectZmq(t, uncached.zmq)];
  for (const [kind, image] of Object.entries(images)) {
    const id = idOf(image);
    for (const one of [client, other]) assert.equal((await one.call({ operation: 'upload' }, image)).json.image_id, id);
    const together = await inVariants(other, id, sets);
    const backwards = (await inVariants(other, id, sets.toReversed())).toReversed();
    for (const [index, set] of sets.entries()) {
      const cold = await get(caching, id, set);
      const ways: Record<string, Buffer> = {
        'warm, over HTTP': await get(caching, id, set),
        'warm, over ZeroMQ': await overZmq(client, id, set),
        'cold, over ZeroMQ': await overZmq(other, id, set),
        'with the image': await post(uncached, image, set),
        'in variants': together[index] as Buffer,
        'in variants, reversed': backwards[index] as Buffer,
      };
      // Concurrently, so both workers are busy.
      const [first, second] = await Promise.all([get(uncached, id, set), post(uncached, image, set)]);
      Object.assign(ways, { 'at once': first, 'at once, with the image': second });
      for (const [way, bytes] of Object.entries(ways)) {
        assert.ok(bytes.equals(cold), `${kind}, ${query(set)}: differs ${way}`);
      }
    }
    assert.equal(
      (await inVariants(client, id, sets)).every((bytes, index) => bytes.equals(together[index] as Buffer)),
      true,
    );
  }
  const workers = new Set(
    uncached.logs.filter(({ part, operation }) => part === 'worker' && operation === 'resize').map(({ pid }) => pid),
  );
  assert.equal(workers.size, 2);
});
