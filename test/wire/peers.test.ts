import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { curveKeyPair, Publisher, Subscriber } from 'zeromq';
import { cachedFiles } from '../helpers/cached-files.ts';
import { scrape } from '../helpers/metrics.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startRequestLoop, statusOf } from '../helpers/request-loop.ts';
import { type Service, startService } from '../helpers/service.ts';
import { transformations } from '../helpers/transformations.ts';

const picture = await photo(200, 150);
const logo = await photo(40, 40, 'png');
const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const [pictureId, logoId] = [idOf(picture), idOf(logo)];
const source = `/images/${pictureId}?width=80`;
const marked = `/images/${pictureId}?width=90&watermark=${logoId}`;

// Without a shared store, nodes learn of deletions from peers only.
const env = { IMGWIRE_WORKERS: '1', IMGWIRE_LOG_LEVEL: 'debug', IMGWIRE_STORE: 'fs' };

interface Node {
  name: string;
  env?: Record<string, string>;
}

/** Starts nodes on one folder of images as peers of each other. */
async function startNodes(t: TestContext, ...nodes: Node[]): Promise<Service[]> {
  const folder = await temporaryFolder(t, 'peers');
  const endpointOf = (name: string) => `ipc://${join(folder, name)}`;
  const services = await Promise.all(
    nodes.map(({ name, env: more }) =>
      startService(t, {
        dataDir: join(folder, 'data'),
        env: {
          ...env,
          IMGWIRE_PEERS: nodes.map((node) => endpointOf(node.name)).join(),
          IMGWIRE_PEER_ENDPOINT: endpointOf(name),
          ...more,
        },
      }),
    ),
  );
  for (const service of services) await waitForPeers(service, nodes.length);
  return services;
}

/** Waits until a node hears this many peers, itself included. */
async function waitForPeers(service: Service, count: number): Promise<void> {
  while ((await scrape(service.http)).get('imgwire_peers{state="heard"}') !== count) await delay(50);
}

async function upload({ http }: Service, bytes: Buffer): Promise<void> {
  const { ok } = await fetch(`${http}/images`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  assert.ok(ok);
}

const status = ({ http }: Service, path: string) => statusOf(http, path);

const remove = async ({ http }: Service, imageId: string) =>
  (await fetch(`${http}/images/${imageId}`, { method: 'DELETE' })).status;

/** Waits until this many results are in the disk cache. */
async function waitForCachedFiles(service: Service, count: number): Promise<void> {
  while ((await cachedFiles(service)).length < count) await delay(20);
}

test('a deletion at one node under load reaches the caches of the others at once, in memory and on disk', async (t) => {
  const withoutMemory = { name: 'c', env: { IMGWIRE_CACHE_MEMORY_BYTES: '0' } };
  const [a, b, c] = (await startNodes(t, { name: 'a' }, { name: 'b' }, withoutMemory)) as [Service, Service, Service];
  await upload(a, picture);
  await upload(a, logo);
  const paths = [source, marked, `/images/${logoId}`];
  const loads = [a, b, c].map((node) => startRequestLoop(node.http, paths));
  for (const { answers } of loads) while (answers.length < 60) await delay(20);
  assert.ok(loads.every(({ answers }) => answers.every((answer) => answer.status === 200)));
  assert.equal((await transformations(b)).length, 2);

  assert.equal(await remove(a, logoId), 204);
  const deletedAt = performance.now();
  await delay(1000);
  assert.equal(await remove(a, pictureId), 204);
  const allDeletedAt = performance.now();
  await delay(1000);
  for (const one of loads) await one.stop();
  const graceMs = 500;
  for (const [index, { answers }] of loads.entries()) {
    const late = answers.filter(
      ({ path, startedAt }) => startedAt > (path === source ? allDeletedAt : deletedAt) + graceMs,
    );
    assert.ok(late.length > 3 * 10, `${late.length}`);
    assert.deepEqual(
      late.filter((answer) => answer.status !== 404),
      [],
      `node ${index}`,
    );
    // Results without the watermark were still served.
    const between = answers.filter(
      ({ path, startedAt }) => path === source && startedAt > deletedAt && startedAt < allDeletedAt - graceMs,
    );
    assert.ok(between.length > 0 && between.every((answer) => answer.status === 200));
  }
});

test('a node frozen during a deletion does not serve the image when it resumes', async (t) => {
  const [a, b] = (await startNodes(t, { name: 'a' }, { name: 'b' })) as [Service, Service];
  await upload(a, picture);
  assert.equal(await status(b, source), 200);
  await waitForCachedFiles(b, 1);
  b.child.kill('SIGSTOP');
  // These requests wait in the kernel, and are read before the peer's message.
  const waiting = Array.from({ length: 20 }, () => status(b, source));
  assert.equal(await remove(a, pictureId), 204);
  await delay(2500);
  b.child.kill('SIGCONT');
  assert.deepEqual(await Promise.all(waiting), Array(20).fill(404));
});

test("clears the caches if a peer's messages may have been missed, and only then", async (t) => {
  const endpoint = `ipc://${join(await temporaryFolder(t, 'peers'), 'peer')}`;
  const boot = randomUUID();
  const peer = new Publisher({ linger: 0 });
  closeWith(t, () => peer.close());
  await peer.bind(endpoint);
  const service = await startService(t, { env: { ...env, IMGWIRE_PEERS: endpoint } });
  const gaps = async () => (await scrape(service.http)).get('imgwire_deletion_gaps_total');
  const say = async (message: object | string) => {
    await peer.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  // The subscription takes a moment to reach the publisher.
  while ((await gaps()) !== 1) {
    await say({ boot, sequence: 3 });
    await delay(50);
  }
  await upload(service, picture);
  const made = async () => {
    assert.equal(await status(service, source), 200);
    return (await transformations(service)).length;
  };
  assert.equal(await made(), 1);
  await say({ boot, sequence: 3 });
  await say({ boot, sequence: 4, deleted: 'a'.repeat(64) });
  for (const nonsense of ['', '{', '[]', JSON.stringify({ boot, sequence: -1 }), JSON.stringify({ boot })]) {
    await say(nonsense);
  }
  await say({ boot, sequence: 4 });
  while ((await scrape(service.http)).get('imgwire_deletions_heard_total{from="peer"}') !== 1) await delay(20);
  assert.equal(await made(), 1);
  // A message was lost.
  await say({ boot, sequence: 6, deleted: 'a'.repeat(64) });
  while ((await gaps()) !== 2) await delay(20);
  assert.equal(await made(), 2);
  await say({ boot, sequence: 7 });
  while ((await gaps()) !== 3) await delay(20);
  assert.equal(await made(), 3);
  // The peer was restarted.
  await say({ boot: randomUUID(), sequence: 7 });
  while ((await gaps()) !== 4) await delay(20);
  assert.equal(await made(), 4);
});

test('a node that was away invalidates results that others may have deleted', async (t) => {
  const dataDir = join(await temporaryFolder(t, 'peers'), 'data');
  const peers = { ...env, IMGWIRE_PEERS: 'tcp://127.0.0.1:1' };
  const first = await startService(t, { dataDir, env: peers });
  await upload(first, picture);
  assert.equal(await status(first, source), 200);
  await waitForCachedFiles(first, 1);
  await first.stop('SIGKILL');
  const other = await startService(t, { dataDir, env: { ...env, IMGWIRE_CACHE_MEMORY_BYTES: '0' } });
  assert.equal(await status(other, source), 200);
  assert.equal((await transformations(other)).length, 0);
  await other.stop();
  const again = await startService(t, { dataDir, env: peers });
  assert.equal(await status(again, source), 200);
  assert.equal((await transformations(again)).length, 1);
});

test('with CURVE, nodes hear only peers with known keys, and a stranger hears none', async (t) => {
  const folder = await temporaryFolder(t, 'peers');
  const [a, b] = [curveKeyPair(), curveKeyPair()];
  const [endpointA, endpointB] = ['a', 'b'].map((name) => `ipc://${join(folder, name)}`) as [string, string];
  const settings = (secretKey: string, endpoint: string, peers: string) => ({
    ...env,
    IMGWIRE_CURVE_SECRET_KEY: secretKey,
    IMGWIRE_CURVE_CLIENT_KEYS: a.publicKey,
    IMGWIRE_PEER_ENDPOINT: endpoint,
    IMGWIRE_PEERS: peers,
  });
  const dataDir = join(folder, 'data');
  const peers = `${endpointA}|${a.publicKey},${endpointB}|${b.publicKey}`;
  const [one, two, wrong] = (await Promise.all([
    startService(t, { dataDir, env: settings(a.secretKey, endpointA, peers) }),
    startService(t, { dataDir, env: settings(b.secretKey, endpointB, peers) }),
    // Expects b's server key at node a.
    startService(t, {
      dataDir,
      env: settings(b.secretKey, `ipc://${join(folder, 'c')}`, `${endpointA}|${b.publicKey}`),
    }),
  ])) as [Service, Service, Service];
  await Promise.all([waitForPeers(one, 2), waitForPeers(two, 2)]);
  await upload(one, picture);
  assert.equal(await status(two, source), 200);
  assert.equal(await remove(one, pictureId), 204);
  while ((await status(two, source)) !== 404) await delay(10);

  const keys = curveKeyPair();
  const stranger = new Subscriber({
    linger: 0,
    receiveTimeout: 3000,
    curveServerKey: a.publicKey,
    curvePublicKey: keys.publicKey,
    curveSecretKey: keys.secretKey,
  });
  closeWith(t, () => stranger.close());
  stranger.connect(endpointA);
  stranger.subscribe();
  await assert.rejects(stranger.receive(), { code: 'EAGAIN' });
  await one.waitForLog(({ msg, reason }) => msg === 'peer cut off' && reason === 'unknown CURVE key');
  await wrong.waitForLog(({ msg, peer }) => msg === 'peer not heard' && peer === endpointA);
  assert.equal((await scrape(wrong.http)).get('imgwire_peers{state="heard"}'), 0);
});

test('wrong addresses fail the start', async (t) => {
  const start = (wrong: Record<string, string>) => startService(t, { env: { ...env, ...wrong } });
  await assert.rejects(start({ IMGWIRE_PEERS: 'tcp://a' }), /ended before it was ready: 2/);
  await assert.rejects(start({ IMGWIRE_PEERS: 'tcp://a:1|key' }), /ended before it was ready: 2/);
  await assert.rejects(start({ IMGWIRE_PEER_ENDPOINT: 'tcp://0.0.0.0:0' }), /ended before it was ready: 2/);
});
