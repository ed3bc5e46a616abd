import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { openBucket } from '../../src/worker/store/s3/bucket.ts';
import { createS3Store } from '../../src/worker/store/s3/s3.ts';
import { verifyS3Store } from '../../src/worker/store/s3/verify.ts';
import type { Store } from '../../src/worker/store/store.ts';
import type { Damage } from '../../src/worker/store/verify.ts';
import { closeWith, createClosers, type Owner } from '../helpers/owner.ts';
import { credentials, type Engine, eventually } from './engines/engine.ts';
import { startProxy } from './engines/proxy.ts';
import { idOf, testStore } from './suite.ts';

process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;

const bytes = Buffer.from('the bytes of an image');
const id = idOf(bytes);
const hourAgo = Date.now() - 3_600_000;
const markerOf = (imageId: string, storedAt: number) => `newest/${9_999_999_999_999 - storedAt}-${imageId}`;

/** Runs the suite for all stores, and tests specific to buckets, on a real engine that is started once. */
export function testS3Store(name: string, start: (t: Owner) => Promise<Engine>): void {
  let engine: Engine;
  const closers = createClosers();
  before(async () => {
    engine = await start({ after: closers.push });
  });
  after(closers.closeAll);

  const settings = (s3Bucket: string, s3Endpoint = engine.endpoint) => ({
    s3Bucket,
    s3Endpoint,
    s3Region: 'us-east-1',
    s3ForcePathStyle: true,
    sharedResults: true,
    log: pino({ level: 'silent' }),
  });

  async function open(t: TestContext, bucketName: string, endpoint?: string): Promise<Store> {
    const store = await createS3Store(settings(bucketName, endpoint));
    closeWith(t, () => store.close());
    return store;
  }

  async function openBucketDirectly(t: TestContext, bucketName: string) {
    const bucket = await openBucket(settings(bucketName));
    closeWith(t, () => bucket.close());
    return bucket;
  }

  testStore(name, async (t) => open(t, await engine.createBucket()));

  test(`${name}: supports conditional puts, and rejects bytes other than those signed`, async (t) => {
    const bucket = await openBucketDirectly(t, await engine.createBucket());
    assert.deepEqual(await bucket.put('a', bytes, { ifAbsent: true }), { created: true });
    assert.deepEqual(await bucket.put('a', Buffer.from('b'), { ifAbsent: true }), { created: false });
    assert.deepEqual((await bucket.get('a'))?.bytes, bytes);
    await assert.rejects(bucket.put('b', Buffer.from('other bytes'), { sha256: id }), { code: 'store_unavailable' });
    assert.equal(await bucket.get('b'), undefined);
  });

  test(`${name}: returns parts and metadata of objects, and deletes many at once`, async (t) => {
    const bucket = await openBucketDirectly(t, await engine.createBucket());
    await bucket.put('a', bytes, { metadata: { 'stored-at': '17' } });
    const part = await bucket.get('a', { range: { first: 4, last: 8 } });
    assert.equal(part?.bytes.toString(), 'bytes');
    const object = await bucket.head('a');
    for (const found of [part, object]) {
      assert.equal(found?.size, bytes.length);
      assert.deepEqual(found.metadata, { 'stored-at': '17' });
    }
    assert.deepEqual(object?.modifiedAt, part?.modifiedAt);
    const keys = Array.from({ length: 20 }, (_, index) => `many/${index}`);
    await Promise.all(keys.map((key) => bucket.put(key, bytes)));
    await bucket.delete([...keys, 'none']);
    assert.deepEqual(
      (await bucket.list({ limit: 100 })).objects.map(({ key }) => key),
      ['a'],
    );
  });

  test(`${name}: two stores share a bucket`, async (t) => {
    const bucketName = await engine.createBucket();
    const [one, two] = [await open(t, bucketName), await open(t, bucketName)];
    await one.put(id, bytes);
    assert.deepEqual(await two.put(id, bytes), { created: false });
    await two.delete(id);
    await assert.rejects(one.read(id), { code: 'not_found' });
    await assert.rejects(one.check(id), { code: 'not_found' });
  });

  test(`${name}: never serves an object that does not match its key`, async (t) => {
    const bucketName = await engine.createBucket();
    const [store, bucket] = [await open(t, bucketName), await openBucketDirectly(t, bucketName)];
    await bucket.put(id, Buffer.from('something else'));
    const what = {
      message: new RegExp(`^Expected the object ${id} to hold that image but received 14 bytes with the SHA`),
    };
    await assert.rejects(store.read(id), what);
    await assert.rejects(store.open(id), what);
  });

  test(`${name}: verifies every image in the bucket`, async (t) => {
    const bucketName = await engine.createBucket();
    const [store, bucket] = [await open(t, bucketName), await openBucketDirectly(t, bucketName)];
    const all = ['a', 'b', 'c'].map((text) => Buffer.from(text));
    for (const image of all) await store.put(idOf(image), image);
    await bucket.put(id, Buffer.from('something else'));
    const checked: string[] = [];
    const damaged: Damage[] = [];
    await verifyS3Store({
      ...settings(bucketName),
      onImage: (imageId) => checked.push(imageId),
      onDamage: (damage) => damaged.push(damage),
    });
    assert.deepEqual(checked.sort(), [...all.map(idOf), id].sort());
    const sha256 = idOf(Buffer.from('something else'));
    assert.deepEqual(damaged, [{ path: id, problem: `14 bytes with the SHA-256 ${sha256}` }]);
  });

  test(`${name}: ignores foreign objects in the bucket`, async (t) => {
    const bucketName = await engine.createBucket();
    const [store, bucket] = [await open(t, bucketName), await openBucketDirectly(t, bucketName)];
    await store.put(id, bytes);
    for (const key of ['0README', 'README', 'aaa', 'newest/notes', `results/${id}/x`, 'zzz'])
      await bucket.put(key, bytes);
    for (const order of ['id', 'newest'] as const) {
      const { images, nextCursor } = await store.list({ limit: 1, order });
      assert.deepEqual(
        images.map(({ imageId }) => imageId),
        [id],
      );
      assert.equal(nextCursor, undefined);
    }
  });

  test(`${name}: lists more images than one response of the engine holds`, async (t) => {
    const bucketName = await engine.createBucket();
    const [store, bucket] = [await open(t, bucketName), await openBucketDirectly(t, bucketName)];
    const ids = Array.from({ length: 1003 }, (_, index) => idOf(Buffer.from(`${index}`))).sort();
    const remainingIds = ids.values();
    const putInTurn = async () => {
      for (const imageId of remainingIds) await bucket.put(imageId, bytes);
    };
    await Promise.all(Array.from({ length: 16 }, putInTurn));
    await bucket.put('newest/x', bytes);
    const first = await store.list({ limit: 1000 });
    const rest = await store.list({ limit: 1000, cursor: first.nextCursor as string });
    assert.equal(rest.nextCursor, undefined);
    const listed = [first, rest].map(({ images }) => images.map(({ imageId }) => imageId));
    assert.deepEqual(listed, [ids.slice(0, 1000), ids.slice(1000)]);
  });

  test(`${name}: lists no image by a foreign marker, and removes old ones`, async (t) => {
    const bucketName = await engine.createBucket();
    const [store, bucket] = [await open(t, bucketName), await openBucketDirectly(t, bucketName)];
    await store.put(id, bytes);
    const [gone, another, recent] = [
      markerOf(idOf(Buffer.from('gone')), hourAgo - 1),
      markerOf(id, hourAgo - 1),
      markerOf(idOf(Buffer.from('on its way')), Date.now()),
    ];
    for (const key of [gone, another, recent]) await bucket.put(key, Buffer.alloc(0));
    assert.deepEqual(
      (await store.list({ limit: 10, order: 'newest' })).images.map(({ imageId }) => imageId),
      [id],
    );
    let keys: string[];
    do keys = (await bucket.list({ prefix: 'newest/', limit: 10 })).objects.map(({ key }) => key);
    while (keys.includes(gone) || keys.includes(another));
    assert.equal(keys.length, 2);
    assert.ok(keys.includes(recent));
  });

  test(`${name}: lists the newest without listing the whole bucket`, async (t) => {
    const proxy = await startProxy(t, engine.endpoint);
    const store = await open(t, await engine.createBucket(), proxy.endpoint);
    const all = Array.from({ length: 12 }, (_, index) => Buffer.from(`image ${index}`));
    for (const image of all) await store.put(idOf(image), image);
    proxy.requests.length = 0;
    const { images } = await store.list({ limit: 3, order: 'newest' });
    assert.deepEqual(
      images.map(({ imageId }) => imageId),
      all.slice(-3).reverse().map(idOf),
    );
    const lists = proxy.requests.filter((line) => line.includes('list-type=2'));
    assert.deepEqual(lists.length, 1);
    assert.match(lists[0] as string, /max-keys=4.*prefix=newest/);
    assert.equal(proxy.requests.length - lists.length, 4);
  });

  test(`${name}: retries a put whose response is lost, and a read that breaks off`, async (t) => {
    const proxy = await startProxy(t, engine.endpoint);
    const store = await open(t, await engine.createBucket(), proxy.endpoint);
    const next = (method: string, fate: 'drop' | 'cut') => {
      proxy.fate = (sent, path) => {
        if (sent !== method || !path.includes(id)) return 'pass';
        proxy.fate = () => 'pass';
        return fate;
      };
    };
    next('PUT', 'drop');
    assert.deepEqual(await store.put(id, bytes), { created: true });
    assert.deepEqual(
      (await store.list({ limit: 10, order: 'newest' })).images.map(({ imageId }) => imageId),
      [id],
    );
    proxy.fate = (method, path) => {
      if (method !== 'PUT' || path.includes('newest')) return 'pass';
      proxy.fate = () => 'pass';
      return 'drop';
    };
    const other = Buffer.from('other');
    assert.deepEqual(await store.put(idOf(other), other), { created: true });
    assert.equal((await store.list({ limit: 10, order: 'newest' })).images.length, 2);
    next('GET', 'cut');
    assert.deepEqual((await store.read(id)).bytes, bytes);
  });

  test(`${name}: names an unusable bucket and the reason`, async (t) => {
    await assert.rejects(open(t, 'no-such-bucket'), {
      message: /^Expected a bucket that can be listed for IMGWIRE_S3_BUCKET but received no-such-bucket: NoSuchBucket/,
    });
    const bucketName = await engine.createBucket();
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
    closeWith(t, () => {
      process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
    });
    await assert.rejects(open(t, bucketName), { message: /but received imgwire-\S+: SignatureDoesNotMatch/ });
  });

  test(`${name}: opens for a replacement worker without the bucket, and serves it when it is back`, async (t) => {
    const bucketName = await engine.createBucket();
    await engine.deleteBucket(bucketName);
    const store = await createS3Store({ ...settings(bucketName), isReplacement: true });
    closeWith(t, () => store.close());
    await assert.rejects(store.ready(), { code: 'store_unavailable' });
    await engine.createBucket(bucketName);
    await store.ready();
    assert.deepEqual(await store.put(id, bytes), { created: true });
  });

  test(`${name}: answers store_unavailable instead of not_found if the bucket is missing`, async (t) => {
    const bucketName = await engine.createBucket();
    const store = await open(t, bucketName);
    await engine.deleteBucket(bucketName);
    for (const call of [store.read, store.check, store.delete]) {
      await assert.rejects(call(id), { code: 'store_unavailable' });
    }
  });

  test(`${name}: gives up at the signal if the store does not answer`, async (t) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closeWith(t, () => silent.close());
    const { port } = silent.address() as { port: number };
    const bucket = await openBucket(settings('silent', `http://127.0.0.1:${port}`));
    closeWith(t, () => bucket.close());
    const late = {
      code: 'store_unavailable',
      message: 'The store did not respond before the deadline of the request',
      stage: 'store',
      retryAfter: 5,
    };
    await assert.rejects(bucket.get(id, { signal: AbortSignal.timeout(100) }), late);
    await assert.rejects(bucket.put(id, bytes, { signal: AbortSignal.timeout(100) }), late);
  });

  test(`${name}: is unavailable while the engine is down, and recovers when it is back`, async (t) => {
    const bucketName = await engine.createBucket();
    const store = await open(t, bucketName);
    await store.put(id, bytes);
    await engine.kill();
    const away = { code: 'store_unavailable', message: 'The store cannot be used: ECONNREFUSED', stage: 'store' };
    await assert.rejects(store.read(id), away);
    await assert.rejects(store.put(id, bytes), away);
    // Opens, as at the start of a worker, but is not ready yet.
    const later = await open(t, bucketName);
    await assert.rejects(later.ready(), away);
    await engine.restart();
    for (const one of [store, later]) {
      await eventually('the store to be back', async () => (await one.read(id)).bytes.equals(bytes));
      await one.ready();
    }
  });
}
