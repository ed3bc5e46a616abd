import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { isRunning, workerPids } from '../helpers/workers.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(1200, 900);

test('under load, answers accepted requests, refuses later ones, and exits with 0', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_TIMEOUT_MS: '60000' } });
  const workers = workerPids(service);
  const clients = 8;
  const codes: Record<string, number> = {};
  const count = (code: string) => {
    codes[code] = (codes[code] ?? 0) + 1;
  };
  let draining = false;

  const overZmq = async (width: number) => {
    const client = connectZmq(t, service.zmq);
    for (;;) {
      const { json } = await client.call({ operation: 'resize', width, transfer_encoding: 'binary' }, picture);
      const code = String(json.code ?? 'success');
      count(code);
      if (code !== 'success') return code;
    }
  };
  const overHttp = async (width: number) => {
    const headers = { 'content-type': 'image/jpeg' };
    for (;;) {
      const init = { method: 'POST', headers, body: new Uint8Array(picture) };
      try {
        const response = await fetch(`${service.http}/resize?width=${width}`, init);
        const body = await response.arrayBuffer();
        const code = response.ok ? 'success' : JSON.parse(Buffer.from(body).toString()).code;
        count(code);
        if (code !== 'success') return code;
      } catch (error) {
        // Once it has stopped listening, connections fail.
        assert.ok(draining, String(error));
        return 'shutting_down';
      }
    }
  };
  const loads = Array.from({ length: clients }, (_, index) => [overZmq(100 + index), overHttp(100 + index)]).flat();
  await service.waitForLog(({ part, operation }) => part === 'worker' && operation === 'resize');
  draining = true;
  const ended = service.stop('SIGTERM');
  assert.deepEqual(await Promise.all(loads), Array(2 * clients).fill('shutting_down'));
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.deepEqual(workers.filter(isRunning), []);
  console.log(`SIGTERM under load: ${JSON.stringify(codes)}`);
});

test('exits in time even if a request does not end', async (t) => {
  const env = { IMGWIRE_SHUTDOWN_TIMEOUT_MS: '300', IMGWIRE_TIMEOUT_MS: '60000', IMGWIRE_WORKERS: '1' };
  const service = await startService(t, { env });
  const client = connectZmq(t, service.zmq);
  const large = await photo(4000, 3000);
  const answer = client.call({ operation: 'resize', format: 'avif', quality: 90, request_id: 'slow' }, large);
  // Once this light request is answered, the first is in progress.
  await connectZmq(t, service.zmq).call({ operation: 'info' }, picture);
  const ended = service.stop('SIGTERM');
  assert.equal((await answer).json.code, 'shutting_down');
  assert.deepEqual(await ended, { code: 0, signal: null });
});

test('an upload accepted before SIGTERM may finish after it, however slow', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const upload = request(`${service.http}/images`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', 'content-length': picture.length, expect: '100-continue' },
  });
  const answered = once(upload, 'response');
  upload.flushHeaders();
  await once(upload, 'continue');
  upload.write(picture.subarray(0, 1000));
  const ended = service.stop('SIGTERM');
  await service.waitForLog(({ msg }) => msg === 'shutting down');
  // Longer than responses get for flushing once all requests are answered.
  for (let at = 1000; at < 13_000; at += 1000) {
    upload.write(picture.subarray(at, at + 1000));
    await delay(150);
  }
  upload.end(picture.subarray(13_000));
  const [response] = await answered;
  assert.equal(response.statusCode, 201);
  response.resume();
  assert.deepEqual(await ended, { code: 0, signal: null });
});
