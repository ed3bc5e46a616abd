import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { startCeph } from '../store/engines/ceph.ts';
import { clientOf } from '../store/engines/engine.ts';
import { startSeaweedFs } from '../store/engines/seaweedfs.ts';

/* Results shared by two or more nodes through a bucket. */

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const jpeg = { 'content-type': 'image/jpeg' };
const picture = await photo(1200, 800);
const mark = await photo(60, 60);
const [id, markId] = [sha256(picture), sha256(mark)];

for (const start of [startCeph, startSeaweedFs]) {
  const engine = await start({ after });
  const s3 = clientOf(engine.endpoint);
  closeWith({ after }, () => s3.destroy());

  async function cluster(t: TestContext) {
    const Bucket = await engine.createBucket();
    const env = { ...engine.env, IMGWIRE_S3_BUCKET: Bucket, IMGWIRE_WORKERS: '1' };
    return {
      node: (more: Record<string, string> = {}) => startService(t, { env: { ...env, ...more } }),
      keys: async () =>
        ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key = '' }) => Key),
      read: async (Key: string) =>
        Buffer.from((await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray()) ?? []),
      write: (Key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body })),
    };
  }

  test(`${engine.name}: makes a result about once for all nodes`, async (t) => {
    const { node, keys } = await cluster(t);
    const [one, other] = await Promise.all([node(), node()]);
    await store(one, picture);
    const path = `/images/${id}?width=300&format=auto`;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => get(index % 2 === 0 ? one : other, path)),
    );
    assert.equal(new Set(answers.map(sha256)).size, 1);
    assert.ok((await transformations(one)) + (await transformations(other)) <= 2);
    await until(async () => (await keys()).some((key) => key.startsWith('results/')));
    const third = await node();
    for (const late of [one, other, third]) assert.deepEqual(await get(late, path), answers[0]);
    assert.ok((await transformations(one)) + (await transformations(other)) <= 2);
    assert.equal(await transformations(third), 0);
  });

  test(`${engine.name}: shares variants like other results`, async (t) => {
    const { node, keys } = await cluster(t);
    const [one, other] = await Promise.all([node(), node()]);
    await store(one, picture);
    const alone = await get(one, `/images/${id}?width=101`);
    await until(async () => (await keys()).some((key) => key.startsWith('results/')));
    const body = JSON.stringify({ variants: [{ width: 101 }, { width: 102 }] });
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(`${other.http}/images/${id}/variants`, { method: 'POST', headers, body });
    assert.equal(made.status, 200, await made.text());
    assert.equal(await transformations(other), 1);
    assert.deepEqual(await get(other, `/images/${id}?width=101`), alone);
    assert.equal(await transformations(other), 1);
  });

  test(`${engine.name}: makes a result again if the shared one is damaged or another one`, async (t) => {
    const { node, keys, read, write } = await cluster(t);
    const one = await node();
    await store(one, picture);
    const path = `/images/${id}?width=200`;
    const right = await get(one, path);
    const own = async () => (await keys()).find((key) => key.startsWith('results/')) ?? '';
    await until(async () => (await own()) !== '');
    const key = await own();
    const whole = await read(key);
    const elsewhere = Buffer.from(whole);
    elsewhere[whole.length - 9] = (whole[whole.length - 9] as number) ^ 1;
    const wrong = {
      'a flipped bit': elsewhere,
      'cut off': whole.subarray(0, whole.length - 100),
      empty: Buffer.alloc(0),
      'invalid JSON': Buffer.concat([Buffer.from('{'), whole]),
      'of another version': Buffer.from(whole.toString('latin1').replace('+sharp.', '+sharp.1'), 'latin1'),
      'of other parameters': Buffer.from(whole.toString('latin1').replace('width=200', 'width=201'), 'latin1'),
    };
    const other = await node({ IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' });
    assert.deepEqual(await get(other, path), right);
    assert.equal(await transformations(other), 0);
    for (const [index, [what, object]] of Object.entries(wrong).entries()) {
      await write(key, object);
      assert.deepEqual(await get(other, path), right, what);
      assert.equal(await transformations(other), index + 1, what);
      await until(async () => (await read(key)).equals(whole));
    }
  });

  test(`${engine.name}: a deletion leaves only its tombstone, and the image can be stored again`, async (t) => {
    const { node, keys } = await cluster(t);
    const [one, other] = await Promise.all([node(), node()]);
    const second = await photo(1000, 700);
    for (const bytes of [picture, second, mark]) await store(one, bytes);
    for (const source of [id, sha256(second)]) {
      for (const query of ['width=100', `width=100&watermark=${markId}`])
        await get(other, `/images/${source}?${query}`);
    }
    const results = async () => (await keys()).filter((key) => /^(results|watermarked)\//.test(key));
    await until(async () => (await results()).length === 6);

    assert.equal((await fetch(`${one.http}/images/${markId}`, { method: 'DELETE' })).status, 204);
    const remaining = await results();
    assert.equal(remaining.length, 2, remaining.join());
    assert.equal((await fetch(`${one.http}/images/${id}`, { method: 'DELETE' })).status, 204);
    const traces = (await keys()).filter((key) => key.includes(id) || key.includes(markId));
    assert.ok(traces.length === 2 && traces.every((key) => key.startsWith('tombstones/')), traces.join());
    assert.equal((await fetch(`${one.http}/images/${id}`, { method: 'DELETE' })).status, 404);

    await store(other, picture);
    await get(one, `/images/${id}?width=100`);
    assert.equal((await fetch(`${one.http}/images/${id}?width=100&watermark=${markId}`)).status, 404);
    await get(one, `/images/${sha256(second)}?width=100`);
  });
}

test('clients that retry on the other node lose nothing while one is killed and the other frozen', async (t) => {
  const engine = await startSeaweedFs(t);
  const env = { ...engine.env, IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_WORKERS: '1' };
  const nodes = await Promise.all([startService(t, { env }), startService(t, { env })]);
  await store(nodes[0] as Service, picture);
  const ended = AbortSignal.timeout(12_000);
  const counts = { done: 0, retried: 0 };

  /** Sends to one node, then to the other, like a client with two addresses. */
  async function send(index: number, path: string, init: RequestInit = {}): Promise<Buffer> {
    for (let turn = 0; turn < 8; turn += 1) {
      const { http } = nodes[(index + turn) % 2] as Service;
      try {
        const response = await fetch(http + path, { ...init, signal: AbortSignal.timeout(2000) });
        const body = Buffer.from(await response.arrayBuffer());
        if (response.ok) return body;
        assert.ok(response.status >= 500, `${path}: ${response.status} ${body}`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
      counts.retried += 1;
    }
    throw new Error(`lost: ${path}`);
  }

  async function client(index: number): Promise<void> {
    for (let turn = 0; !ended.aborted; turn += 1) {
      const own = await photo(60 + index, 60 + (turn % 60));
      await send(index, '/images', { method: 'POST', headers: jpeg, body: new Uint8Array(own) });
      assert.deepEqual(await send(index + 1, `/images/${sha256(own)}`), own);
      await send(index, `/images/${id}?width=${20 + index}&height=${20 + turn}&fit=cover`);
      counts.done += 3;
    }
  }

  const clients = Promise.all(Array.from({ length: 6 }, (_, index) => client(index)));
  await delay(2000);
  await nodes[0]?.stop('SIGKILL');
  await delay(1000);
  nodes[0] = await startService(t, { env });
  nodes[1]?.child.kill('SIGSTOP');
  await delay(3000);
  nodes[1]?.child.kill('SIGCONT');
  await clients;
  console.log(`one node killed, one frozen: ${counts.done} requests done, ${counts.retried} tried again, none lost`);
  assert.ok(counts.done > 20 && counts.retried > 0);
});

async function store({ http }: Service, bytes: Buffer): Promise<void> {
  const { ok } = await fetch(`${http}/images`, { method: 'POST', headers: jpeg, body: new Uint8Array(bytes) });
  assert.ok(ok);
}

async function get({ http }: Service, path: string): Promise<Buffer> {
  const response = await fetch(http + path);
  const body = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, String(body.subarray(0, 300)));
  return body;
}

/** How many results the node's worker has made. */
async function transformations({ http }: Service): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const counts = text.matchAll(/^imgwire_stage_duration_seconds_count\{operation="resize",stage="pipeline"\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}
