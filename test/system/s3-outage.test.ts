import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { command, nodeFlags } from '../helpers/command.ts';
import { closeWith, createClosers, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { run } from '../helpers/run.ts';
import { type Service, startService } from '../helpers/service.ts';
import { startCeph } from '../store/engines/ceph.ts';
import { type Engine, eventually } from '../store/engines/engine.ts';

/** Closes what was started for all tests, in reverse order. */
const closers = createClosers();
let engine: Engine;
before(async () => {
  engine = await startCeph({ after: closers.push });
});
after(closers.closeAll);

const picture = await photo(64, 48);
const uncached = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };

interface Answer {
  status: number;
  code: string | undefined;
  bytes: Buffer;
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  const { code } = response.ok ? {} : JSON.parse(String(bytes));
  if (code === 'store_unavailable') assert.equal(response.headers.get('retry-after'), '5');
  return { status: response.status, code, bytes };
}

const upload = ({ http }: Service, bytes: Buffer) =>
  ask(`${http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(bytes) });

test('loses nothing acknowledged when the object gateway is killed twice during 500 uploads and reads', async (t) => {
  const env = { ...engine.env, ...uncached, IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_WORKERS: '2' };
  const service = await startService(t, { env });
  const stored = new Map<string, Buffer>();
  const codes: Record<string, number> = {};
  let startedUploads = 0;

  /** Retries until it succeeds, like a client, and counts other answers. */
  async function insist(call: () => Promise<Answer>): Promise<Buffer> {
    for (;;) {
      const { status, code, bytes } = await call();
      if (code === undefined) return bytes;
      const what = `${status} ${code}`;
      codes[what] = (codes[what] ?? 0) + 1;
      await delay(100);
    }
  }

  async function work(): Promise<void> {
    while (startedUploads < 500) {
      startedUploads += 1;
      const bytes = Buffer.concat([picture, randomBytes(20_000)]);
      const id = createHash('sha256').update(bytes).digest('hex');
      await insist(() => upload(service, bytes));
      stored.set(id, bytes);
      const [earlier, expected] = [...stored][Math.floor(Math.random() * stored.size)] as [string, Buffer];
      assert.ok((await insist(() => ask(`${service.http}/images/${earlier}`))).equals(expected));
    }
  }

  async function killTwice(): Promise<void> {
    for (const share of [100, 300]) {
      await eventually(`${share} uploads`, async () => startedUploads >= share);
      await engine.kill();
      await eventually('requests to fail', async () => Object.keys(codes).length > 0);
      await delay(500);
      await engine.restart();
    }
  }

  await Promise.all([killTwice(), ...Array.from({ length: 8 }, work)]);
  // A request without an answer in time would be a timeout.
  assert.deepEqual(Object.keys(codes), ['503 store_unavailable']);
  assert.equal(stored.size, 500);
  for (const [id, bytes] of stored) assert.ok((await ask(`${service.http}/images/${id}`)).bytes.equals(bytes), id);
  for (const { stage } of service.logs.filter(({ code }) => code === 'store_unavailable')) assert.equal(stage, 'store');
  assert.deepEqual(
    service.logs.filter(({ msg }) => msg === 'worker lost'),
    [],
  );
  t.diagnostic(`${codes['503 store_unavailable']} answers store_unavailable`);
});

test('while the object gateway is frozen, answers each request in time and loses no worker', async (t) => {
  const env = { ...engine.env, ...uncached, IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_WORKERS: '2' };
  const service = await startService(t, { env: { ...env, IMGWIRE_TIMEOUT_MS: '2000' } });
  const { status } = await upload(service, picture);
  assert.equal(status, 201);
  const id = createHash('sha256').update(picture).digest('hex');
  engine.freeze();
  closeWith(t, engine.resume);
  const other = Buffer.concat([picture, randomBytes(100)]);
  const answers = await Promise.all([
    upload(service, other),
    ask(`${service.http}/images/${id}`),
    ask(`${service.http}/images/${id}/info`),
    ask(`${service.http}/images`),
    ask(`${service.http}/images?order=newest`),
  ]);
  for (const { code } of answers) assert.equal(code, 'store_unavailable');
  engine.resume();
  assert.ok((await ask(`${service.http}/images/${id}`)).bytes.equals(picture));
  assert.deepEqual(
    service.logs.filter(({ msg }) => msg === 'worker lost'),
    [],
  );
});

test('starts without its store, is ready once the store is up, and stays ready if it goes away again', async (t) => {
  const env = { ...engine.env, ...uncached, IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_WORKERS: '1' };
  await engine.kill();
  const service = await startService(t, { env });
  const readiness = async () => (await fetch(`${service.http}/ready`)).status;
  assert.equal(await readiness(), 503);
  assert.equal((await upload(service, picture)).code, 'store_unavailable');
  assert.ok(service.logs.some(({ msg }) => msg === 'store cannot be reached'));
  await engine.restart();
  await eventually('the service to be ready', async () => (await readiness()) === 200);
  assert.equal((await upload(service, picture)).status, 201);
  await engine.kill();
  const id = createHash('sha256').update(picture).digest('hex');
  for (const path of [`/images/${id}`, `/images/${id}?width=10`, `/images/${id}/info`, '/images']) {
    assert.equal((await ask(service.http + path)).code, 'store_unavailable', path);
  }
  assert.equal((await ask(`${service.http}/images/${id}`, { method: 'DELETE' })).code, 'store_unavailable');
  assert.equal(await readiness(), 200);
  await engine.restart();
  assert.ok((await ask(`${service.http}/images/${id}`)).bytes.equals(picture));
});

test('a wrong bucket and wrong or missing keys fail the start, saying what was expected', async (t) => {
  const folder = await temporaryFolder(t, 's3');
  const bucket = await engine.createBucket();
  const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true', HOME: folder };
  const reasons: [env: Record<string, string>, message: RegExp][] = [
    [{ IMGWIRE_S3_BUCKET: 'no-such-bucket' }, /for IMGWIRE_S3_BUCKET but received no-such-bucket: NoSuchBucket/],
    [{ IMGWIRE_S3_BUCKET: bucket, AWS_SECRET_ACCESS_KEY: 'wrong' }, /received imgwire-\S+: SignatureDoesNotMatch/],
    [{ IMGWIRE_S3_BUCKET: bucket, ...noKeys }, /received imgwire-\S+: CredentialsProviderError/],
  ];
  for (const [wrong, message] of reasons) {
    const local = { IMGWIRE_PORT: '0', IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0', IMGWIRE_DATA_DIR: folder };
    const env = { PATH: process.env.PATH, ...local, ...engine.env, ...wrong };
    const { code, stderr } = await run(process.execPath, [...nodeFlags, command], { env });
    assert.equal(code, 1);
    assert.match(stderr, /^imgwire: Expected a bucket that can be listed /m);
    assert.match(stderr, message);
  }
});
