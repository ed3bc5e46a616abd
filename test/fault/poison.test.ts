import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Owner } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const command = fileURLToPath(new URL('../helpers/poison-service.mjs', import.meta.url));
const picture = await photo(300, 200);
const poison = (mark: string) => Buffer.concat([picture, Buffer.from(mark)]);
const binary = { transfer_encoding: 'binary' };

const start = (t: Owner, env: Record<string, string> = {}) => startService(t, { command, env });

const crashes = ({ logs }: Service) =>
  logs.filter(({ msg, death }) => msg === 'worker lost' && death === 'crash').length;

for (const mark of ['POISON:abort', 'POISON:segfault', 'POISON:exit']) {
  test(`rejects an image after it crashed two workers, and at once the next time (${mark})`, async (t) => {
    const service = await start(t);
    const client = connectZmq(t, service.zmq);
    const request = { operation: 'resize', width: 10, ...binary };
    const first = await client.call(request, poison(mark));
    assert.equal(first.json.code, 'unprocessable_image');
    assert.equal(crashes(service), 2);

    // The same work over the other door and in base64 causes no third crash.
    const form = () => {
      const made = new FormData();
      made.set('image', new Blob([new Uint8Array(poison(mark))]));
      return made;
    };
    const again = await fetch(`${service.http}/resize?width=10`, { method: 'POST', body: form() });
    assert.equal(again.status, 422);
    const image_data = poison(mark).toString('base64');
    assert.equal((await client.call({ operation: 'resize', width: 10, image_data })).json.code, 'unprocessable_image');
    assert.equal(crashes(service), 2);

    // Different parameters are tried; once they crash too, the image is quarantined: no fifth crash.
    for (const query of ['height=20', 'height=30', 'height=40']) {
      const other = await fetch(`${service.http}/resize?${query}`, { method: 'POST', body: form() });
      assert.equal(other.status, 422, query);
    }
    assert.equal(crashes(service), 4);
    assert.equal((await client.call(request, picture)).json.status, 'success');
  });
}

test('rejects a stored image by id, and still serves the original', async (t) => {
  const stored = poison('stored');
  const id = createHash('sha256').update(stored).digest('hex');
  const service = await start(t, { POISON_IDS: id });
  const client = connectZmq(t, service.zmq);
  assert.equal((await client.call({ operation: 'upload' }, stored)).json.image_id, id);
  for (let time = 0; time < 2; time += 1) {
    const { json } = await client.call({ operation: 'resize', image_id: id, width: 10 });
    assert.equal(json.code, 'unprocessable_image');
  }
  assert.equal(crashes(service), 2);
  const { image } = await client.call({ operation: 'retrieve', image_id: id, ...binary });
  assert.deepEqual(image, stored);
});

test('serves other work meanwhile, and does not blame it', async (t) => {
  const service = await start(t);
  const [innocents, poisons] = [24, 4];
  const answers = await Promise.all([
    ...Array.from({ length: poisons }, (_, index) => {
      const image = Buffer.concat([poison('POISON:segfault'), Buffer.from([index])]);
      return connectZmq(t, service.zmq).call({ operation: 'resize', width: 10, ...binary }, image);
    }),
    ...Array.from({ length: innocents }, async (_, index) => {
      const client = connectZmq(t, service.zmq);
      const image = Buffer.concat([picture, Buffer.from([index])]);
      const { json } = await client.call({ operation: 'info' }, image);
      assert.equal(json.width, 300);
      return client.call({ operation: 'resize', width: 20 + index, ...binary }, image);
    }),
  ]);
  const codes = answers.map(({ json }) => json.code ?? json.width);
  assert.deepEqual(codes, [
    ...Array(poisons).fill('unprocessable_image'),
    ...Array.from({ length: innocents }, (_, index) => 20 + index),
  ]);
  console.log(`poison: ${answers.length} answered, ${poisons} refused, ${crashes(service)} crashes`);
  // Each poison was in two crashes: the first may be shared, the second it had alone.
  assert.ok(crashes(service) > poisons && crashes(service) <= 2 * poisons);
});

test('rejects a watermark that crashes workers, but not the images under it', async (t) => {
  const logo = poison('logo');
  const watermark = createHash('sha256').update(logo).digest('hex');
  const service = await start(t, { POISON_IDS: watermark });
  const client = connectZmq(t, service.zmq);
  assert.equal((await client.call({ operation: 'upload' }, logo)).json.image_id, watermark);
  const images = [1, 2, 3].map((mark) => Buffer.concat([picture, Buffer.from([mark])]));
  for (const image of images) {
    const { json } = await client.call({ operation: 'resize', width: 10, watermark, ...binary }, image);
    assert.equal(json.code, 'unprocessable_image');
  }
  // Two images crashed with it, twice each; the third was rejected at once.
  assert.equal(crashes(service), 4);
  for (const image of images) {
    assert.equal((await client.call({ operation: 'resize', width: 10, ...binary }, image)).json.width, 10);
  }
});

test('an image whose transformations time out stays usable', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_TIMEOUT_MS: '700' } });
  const client = connectZmq(t, service.zmq);
  const { json } = await client.call({ operation: 'upload' }, picture);
  const image_id = json.image_id;
  for (let height = 8187; height <= 8190; height += 1) {
    const slow = { operation: 'resize', image_id, width: 8192, height, fit: 'fill', median: 25 };
    assert.equal((await client.call(slow)).json.code, 'timeout');
  }
  assert.equal((await client.call({ operation: 'info', image_id })).json.width, 300);
  assert.equal((await client.call({ operation: 'resize', image_id, width: 20, ...binary })).json.width, 20);
  assert.equal((await client.call({ operation: 'upload' }, picture)).json.created, false);
});
