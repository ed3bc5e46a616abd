import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { Dealer } from 'zeromq';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const command = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const MiB = 2 ** 20;

const memory = ({ child }: Service) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;

test('bounds the replies queued for a DEALER that requests 1,000 large ones and reads none, and serves others', async (t) => {
  const service = await startService(t);
  const client = connectZmq(t, service.zmq);
  const image = await sharp(await photo(1600, 1200))
    .png({ compressionLevel: 0 })
    .toBuffer();
  const large = await sharp(image).resize(560, 480).png({ compressionLevel: 0 }).toBuffer();
  assert.ok(large.length > 700_000 && large.length < MiB, `${large.length}`);
  const { json } = await client.call({ operation: 'upload' }, large);
  const request = JSON.stringify({ operation: 'retrieve', image_id: json.image_id });
  await client.call(request);
  const before = memory(service);

  const dealer = new Dealer({ linger: 0, receiveHighWaterMark: 1, sendHighWaterMark: 2000 });
  closeWith(t, () => dealer.close());
  dealer.connect(service.zmq);
  for (let count = 0; count < 1000; count += 1) await dealer.send(['', request]);
  const cutOff = service.waitForLog(({ msg, reason }) => msg === 'peer cut off' && /not read/.test(String(reason)));
  let isCutOff = false;
  void cutOff.then(() => {
    isCutOff = true;
  });
  let most = 0;
  let served = 0;
  while (!isCutOff) {
    const { json: info } = await client.call({ operation: 'info', image_id: json.image_id });
    // The flood may briefly fill the queue: then others are answered overloaded.
    if (info.code === 'overloaded') assert.equal(info.retry_after, 1);
    else {
      assert.equal(info.width, 560, JSON.stringify(info));
      served += 1;
    }
    most = Math.max(most, memory(service));
  }
  assert.ok(served > 0);
  assert.ok(most - before < 250 * MiB, `grew by ${Math.round((most - before) / MiB)} MiB`);
  assert.equal((await client.call({ operation: 'ping' })).json.status, 'success');
  assert.equal(service.logs.filter(({ msg }) => msg === 'peer cut off').length, 1);
});

test('fails before workers start if it cannot or must not bind its endpoint', async (t) => {
  const dataDir = await temporaryFolder(t, 'endpoints');
  for (const [endpoint, message] of [
    ['tcp://0.0.0.0:0', /IMGWIRE_API_KEYS.*IMGWIRE_ZMQ_ENDPOINT.*keygen.*IMGWIRE_ALLOW_UNAUTHENTICATED=true/],
    ['tcp://127.0.0.1:99999', /IMGWIRE_ZMQ_ENDPOINT.*port from 0 to 65535/],
    [`ipc:///tmp/${'x'.repeat(120)}`, /IMGWIRE_ZMQ_ENDPOINT.*at most \d+ bytes/],
  ] as const) {
    const env = { ...process.env, IMGWIRE_PORT: '0', IMGWIRE_DATA_DIR: dataDir, IMGWIRE_ZMQ_ENDPOINT: endpoint };
    const failed = await promisify(execFile)(process.execPath, [command], { env }).then(
      () => assert.fail(`started at ${endpoint}`),
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );
    assert.match(failed, message);
    assert.doesNotMatch(failed, /"part":"worker"/);
  }
});

test('binds public addresses if allowed, with a warning at each start', async (t) => {
  const service = await startService(t, {
    env: { IMGWIRE_ZMQ_ENDPOINT: 'tcp://*:0', IMGWIRE_ALLOW_UNAUTHENTICATED: 'true', IMGWIRE_WORKERS: '1' },
  });
  const client = connectZmq(t, service.zmq.replace('0.0.0.0', '127.0.0.1'));
  assert.equal((await client.call({ operation: 'ping' })).json.status, 'success');
  await service.waitForLog(({ msg }) => /open to everyone/.test(msg));
});
