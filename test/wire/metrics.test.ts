import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { increases, scrape } from '../helpers/metrics.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(300, 200);
const id = createHash('sha256').update(picture).digest('hex');
const absent = '0'.repeat(64);
const asJpeg = { 'content-type': 'image/jpeg' };
const upload = (body = picture) => ({ method: 'POST', headers: asJpeg, body: new Uint8Array(body) });

const images = '/images';
const image = '/images/:image_id';
/** Labels of a request as written in a sample. */
const http = (operation: string, method: string, route: string, status: number | string, outcome = 'success') =>
  `door=http,operation=${operation},method=${method},route=${route},status=${status},outcome=${outcome}`;
const zmq = (operation: string, outcome = 'success') =>
  `door=zmq,operation=${operation},method=,route=,status=,outcome=${outcome}`;

/** Waits until all requests have ended: one ends only when its response has been sent completely. */
async function settled(service: Service) {
  for (;;) {
    const samples = await scrape(service.http);
    // The scrape itself counts as one.
    if (samples.get('imgwire_open_requests') === 1) return samples;
  }
}

test('counters match the requests at both doors', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_MAX_UPLOAD_BYTES: '500000', IMGWIRE_TIMEOUT_MS: '3000' } });
  const before = await scrape(service.http);
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(service.http + path, init);
    await response.arrayBuffer();
    return response;
  };
  await get(images, upload());
  await get(images, upload());
  await get(images, upload(Buffer.alloc(600_000)));
  await get(images, upload(Buffer.from('not an image')));
  await get(images, upload(picture.subarray(0, picture.length / 2)));
  for (let count = 0; count < 3; count += 1) await get(`${images}/${id}?width=100`);
  const { headers } = await get(`${images}/${id}?width=50&format=png&blur=1`);
  await get(`${images}/${id}?width=50&format=png&blur=1`, {
    headers: { 'if-none-match': String(headers.get('etag')) },
  });
  await get(`${images}/${id}?width=abc`);
  await get(`${images}/${id}?download=a.jpg`);
  await get(`${images}/${id}`);
  await get(`${images}/${id}`, { method: 'HEAD' });
  await get(`${images}/${id}`, { headers: { range: 'bytes=0-9' } });
  await get(`${images}/${absent}`);
  await get(`${images}/${absent}?width=9`);
  await get(`${images}/${id}/info`);
  await get(`${images}?limit=1`);
  await get('/resize?width=10', upload());
  await get('/nothing/here');
  await get('/health', { method: 'POST' });
  await get('/health');

  const client = connectZmq(t, service.zmq);
  await client.call({ operation: 'ping' });
  await client.call({ operation: 'upload' }, picture);
  await client.call({ operation: 'retrieve', image_id: id });
  for (let count = 0; count < 2; count += 1) {
    await client.call({ operation: 'resize', image_id: id, width: 70, transfer_encoding: 'binary' });
  }
  await client.call({ operation: 'resize', image_id: id, width: 'abc' });
  await client.call({ operation: 'resize', image_id: id, width: 3000, format: 'avif', effort: 10, timeout_ms: 20 });
  await client.call({ operation: 'info', image_id: absent });
  await client.call({ operation: 'explode' });
  await client.call('nonsense');
  await get(`${images}/${id}`, { method: 'DELETE' });

  const after = await settled(service);
  assert.deepEqual(increases('imgwire_requests_total', before, after), {
    [http('upload', 'POST', images, 201)]: 1,
    [http('upload', 'POST', images, 200)]: 1,
    [http('upload', 'POST', images, 413, 'too_large')]: 1,
    [http('upload', 'POST', images, 415, 'unsupported_format')]: 1,
    [http('upload', 'POST', images, 422, 'unprocessable_image')]: 1,
    [http('resize', 'GET', image, 200)]: 4,
    [http('resize', 'GET', image, 304)]: 1,
    [http('resize', 'GET', image, 400, 'invalid_request')]: 1,
    [http('resize', 'GET', image, 404, 'not_found')]: 1,
    [http('retrieve', 'GET', image, 200)]: 2,
    [http('retrieve', 'HEAD', image, 200)]: 1,
    [http('retrieve', 'GET', image, 206)]: 1,
    [http('retrieve', 'GET', image, 404, 'not_found')]: 1,
    [http('info', 'GET', '/images/:image_id/info', 200)]: 1,
    [http('list', 'GET', images, 200)]: 1,
    [http('resize', 'POST', '/resize', 200)]: 1,
    [http('delete', 'DELETE', image, 204)]: 1,
    [http('none', 'GET', 'none', 404, 'not_found')]: 1,
    [http('none', 'POST', 'none', 405, 'invalid_request')]: 1,
    [http('none', 'GET', '/health', 200)]: 1,
    // The earlier scrapes.
    [http('none', 'GET', '/metrics', 200)]: increases('imgwire_requests_total', before, after)[
      http('none', 'GET', '/metrics', 200)
    ] as number,
    [zmq('ping')]: 1,
    [zmq('upload')]: 1,
    [zmq('retrieve')]: 1,
    [zmq('resize')]: 2,
    [zmq('resize', 'invalid_request')]: 1,
    [zmq('resize', 'timeout')]: 1,
    [zmq('info', 'not_found')]: 1,
    [zmq('none', 'invalid_operation')]: 1,
    [zmq('none', 'invalid_request')]: 1,
  });
  assert.deepEqual(increases('imgwire_request_failures_total', before, after), {
    'door=http,code=too_large,stage=door': 1,
    'door=http,code=unsupported_format,stage=inspect': 1,
    'door=http,code=unprocessable_image,stage=decode': 1,
    'door=http,code=invalid_request,stage=door': 2,
    'door=http,code=not_found,stage=store': 2,
    'door=http,code=not_found,stage=door': 1,
    'door=zmq,code=invalid_request,stage=door': 2,
    'door=zmq,code=invalid_operation,stage=door': 1,
    'door=zmq,code=not_found,stage=store': 1,
    'door=zmq,code=timeout,stage=lane': 1,
  });
  assert.deepEqual(increases('imgwire_cache_lookups_total', before, after), {
    // Two repeated resizes over HTTP, one over ZeroMQ; the original by GET, HEAD, Range and in base64.
    'tier=memory,result=hit': 7,
    // Three resizes, one timed out and one of a missing image; the original and a missing one.
    'tier=memory,result=miss': 7,
    'tier=disk,result=miss': 5,
  });
  assert.equal(after.get('imgwire_retries_total'), 0);
  const counted = (operation: string, door: string) =>
    after.get(`imgwire_request_duration_seconds_count{door="${door}",operation="${operation}"}`);
  assert.deepEqual([counted('resize', 'http'), counted('upload', 'http'), counted('resize', 'zmq')], [8, 5, 4]);
  const stages = increases('imgwire_stage_duration_seconds_count', before, after);
  const ofResize = (stage: string) => stages[`operation=resize,stage=${stage}`];
  // Resizes that reached a worker: two, a one-shot and one of a missing image over HTTP, two over ZeroMQ.
  assert.deepEqual(
    ['queue', 'lane', 'pipeline', 'decode', 'steps', 'encode', 'cache'].map(ofResize),
    [6, 6, 3, 1, 1, 1, 5],
  );
  assert.deepEqual(
    ['receive', 'queue', 'lane', 'inspect', 'decode', 'store'].map(
      (stage) => stages[`operation=upload,stage=${stage}`],
    ),
    [4, 5, 5, 5, 4, 3],
  );
});

test('counts refusals, lost workers, retries and disconnected clients', async (t) => {
  const env = { IMGWIRE_WORKERS: '1', IMGWIRE_QUEUE_LIMIT: '1', IMGWIRE_HTTP_CONNECTIONS: '40' };
  const service = await startService(t, { env });
  await (await fetch(service.http + images, upload(await photo(3000, 2000)))).arrayBuffer();
  const large = createHash('sha256')
    .update(await photo(3000, 2000))
    .digest('hex');
  const before = await scrape(service.http);
  const slow = (width: number) =>
    fetch(`${service.http}/images/${large}?width=${width}&format=avif&effort=6`).then(async (response) => {
      await response.arrayBuffer();
      return response.status;
    });
  const statuses = await Promise.all([900, 901, 902, 903, 904, 905].map(slow));
  assert.deepEqual(statuses.sort(), [200, 200, 200, 503, 503, 503], 'two on lanes, one queued, the others refused');

  // The job of a worker killed from outside goes to the next one.
  const started = await service.waitForLog(({ msg }) => msg === 'worker started');
  const retried = slow(700);
  for (;;) {
    if ((await scrape(service.http)).get('imgwire_lanes{weight="heavy",state="busy"}') === 1) break;
  }
  process.kill(started.worker_pid as number, 'SIGKILL');
  assert.equal(await retried, 200);

  const socket = connect(Number(new URL(service.http).port), '127.0.0.1');
  socket.write(`GET /images/${large}?width=1500&format=avif&effort=6 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  for (;;) {
    if ((await scrape(service.http)).get('imgwire_lanes{weight="heavy",state="busy"}') === 1) break;
  }
  socket.destroy();
  await once(socket, 'close');

  const after = await settled(service);
  assert.deepEqual(increases('imgwire_refusals_total', before, after), { 'door=http,reason=queue_full': 3 });
  // A ping may have been retried as well.
  const retries = service.logs.filter(({ msg }) => msg === 'request is tried again').length;
  assert.ok(retries >= 1);
  assert.deepEqual(increases('imgwire_retries_total', before, after), { '': retries });
  assert.deepEqual(increases('imgwire_worker_restarts_total', before, after), { 'reason=external': 1 });
  assert.deepEqual(increases('imgwire_request_failures_total', before, after), {
    'door=http,code=overloaded,stage=queue': 3,
    'door=http,code=aborted,stage=lane': 1,
  });
});
