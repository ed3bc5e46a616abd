import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Collector, type Span, startCollector } from '../helpers/collector.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(300, 200);
const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const id = idOf(picture);
const upload = (body = picture) => ({
  method: 'POST',
  headers: { 'content-type': 'image/jpeg' },
  body: new Uint8Array(body),
});

/** A new trace and its traceparent header. */
function newTrace() {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

/** The request's own span, and the paths of its descendants, e.g. `lane > store`. */
function treeOf({ spans }: Collector, { traceId }: { traceId: string }): { root: Span; paths: string[]; all: Span[] } {
  const all = spans.filter((span) => span.traceId === traceId);
  const byId = new Map(all.map((span) => [span.spanId, span]));
  const root = all.find(({ kind }) => kind === 2);
  assert.ok(root, 'no span of the request');
  const pathOf = (span: Span): string => {
    const parent = byId.get(String(span.parentSpanId));
    assert.ok(parent, `${span.name} has no parent in its trace`);
    // The clock has microsecond resolution.
    assert.ok(span.start >= parent.start - 1 && span.end <= parent.end + 1, `${span.name} is not within its parent`);
    return parent === root ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return { root, paths: all.filter((span) => span !== root).map(pathOf), all };
}

test("exports the spans of HTTP and ZeroMQ requests below the caller's span, before the shutdown", async (t) => {
  const collector = await startCollector(t);
  const service = await startService(t, {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'pictures',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=abc',
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      // Looking up a shared result would add a span.
      IMGWIRE_SHARED_RESULTS: 'false',
    },
  });
  const traces = { upload: newTrace(), made: newTrace(), again: newTrace(), png: newTrace(), zmq: newTrace() };
  const get = async (path: string, trace: { traceparent: string }, init: { headers?: object } = {}) => {
    const headers = { ...init.headers, traceparent: trace.traceparent, tracestate: 'vendor=1' };
    const response = await fetch(service.http + path, { ...init, headers } as RequestInit);
    await response.arrayBuffer();
    return response.status;
  };
  assert.equal(await get('/images', traces.upload, upload()), 201);
  for (const trace of [traces.made, traces.again]) assert.equal(await get(`/images/${id}?width=50`, trace), 200);
  assert.equal(await get(`/images/${id}?width=50&format=png&blur=2`, traces.png), 200);
  const client = connectZmq(t, service.zmq);
  const { traceparent } = traces.zmq;
  const { json } = await client.call({ operation: 'retrieve', image_id: id, traceparent, tracestate: 'vendor=2' });
  assert.equal(json.status, 'success');
  assert.ok(!('stages' in json) && !('traceparent' in json), Object.keys(json).join());
  const untraced = await client.call({ operation: 'info', image_id: id });
  assert.deepEqual([untraced.json.status, untraced.frames.length], ['success', 1]);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });

  assert.equal(collector.headers[0]?.['x-key'], 'abc');
  const uploaded = treeOf(collector, traces.upload);
  assert.deepEqual(
    [uploaded.root.name, uploaded.root.parentSpanId, uploaded.root.traceState, uploaded.root.service['service.name']],
    ['POST /images', traces.upload.spanId, 'vendor=1', 'pictures'],
  );
  assert.deepEqual(
    [uploaded.root.attributes['imgwire.operation'], uploaded.root.attributes['http.response.status_code']],
    ['upload', 201],
  );
  const inUpload = ['receive', 'queue', 'lane', 'lane > inspect', 'lane > decode', 'lane > store', 'transfer'];
  assert.deepEqual(uploaded.paths, inUpload);
  const inResize = ['cache', 'queue', 'lane', 'lane > store', 'lane > inspect', 'lane > pipeline', 'transfer'];
  const made = treeOf(collector, traces.made);
  assert.deepEqual(made.paths, inResize);
  assert.equal(made.root.attributes['url.path'], `/images/${id}`);
  const again = treeOf(collector, traces.again);
  assert.deepEqual([again.paths, again.root.attributes['imgwire.cache_hit']], [['transfer'], true]);
  // Without inspect if the same worker still has the file in memory.
  const png = treeOf(collector, traces.png).paths.filter((path) => path !== 'lane > inspect');
  assert.deepEqual(
    png,
    ['cache', 'queue', 'lane', 'store', 'decode', 'steps', 'encode', 'transfer'].map((stage) =>
      ['store', 'decode', 'steps', 'encode'].includes(stage) ? `lane > ${stage}` : stage,
    ),
  );
  const retrieved = treeOf(collector, traces.zmq);
  assert.deepEqual(
    [retrieved.root.name, retrieved.root.parentSpanId, retrieved.root.traceState],
    ['retrieve', traces.zmq.spanId, 'vendor=2'],
  );
  assert.deepEqual(retrieved.paths, ['queue', 'lane', 'lane > store', 'transfer']);
  assert.ok(collector.spans.every(({ status }) => status === 0));
  assert.ok(collector.spans.some(({ name, parentSpanId }) => name === 'info' && parentSpanId === undefined));
});

test('trace and log name the stage of a failure, and contain no secrets', async (t) => {
  const collector = await startCollector(t);
  const service = await startService(t, {
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      // The test removes its folder.
      IMGWIRE_STORE: 'fs',
      IMGWIRE_WORKERS: '1',
      IMGWIRE_CACHE_MEMORY_BYTES: '0',
    },
  });
  const secret = randomBytes(12).toString('hex');
  const large = await photo(3000, 2000);
  const noise = Buffer.concat([picture.subarray(0, picture.length / 2), Buffer.alloc(10)]);
  const failures: { code: string; stage: string; trace: ReturnType<typeof newTrace>; span: string | undefined }[] = [];
  const expectFailure = async (code: string, stage: string, path: string, init: RequestInit = {}) => {
    const trace = newTrace();
    const response = await fetch(service.http + path, {
      ...init,
      headers: { authorization: `Bearer ${secret}`, ...init.headers, traceparent: trace.traceparent },
    });
    const problem = (await response.json()) as { code: string };
    assert.equal(problem.code, code, JSON.stringify(problem));
    assert.ok(!('stage' in problem));
    failures.push({ code, stage, trace, span: stage === 'door' || stage === 'check' ? undefined : stage });
  };
  for (const image of [picture, large]) await (await fetch(`${service.http}/images`, upload(image))).arrayBuffer();

  await expectFailure('invalid_request', 'door', `/images/${id}?width=abc&signature=${secret}`);
  await expectFailure('not_found', 'door', `/${secret}`);
  await expectFailure('not_found', 'store', `/images/${'0'.repeat(64)}`);
  await expectFailure('unsupported_format', 'inspect', '/images', upload(Buffer.from('nonsense')));
  await expectFailure('unprocessable_image', 'decode', '/images', upload(noise));
  await expectFailure('unprocessable_image', 'pipeline', '/resize?width=10', upload(noise));
  await expectFailure('invalid_request', 'encode', `/images/${id}?width=200&max_bytes=100`);
  await expectFailure('invalid_request', 'check', `/images/${id}?crop=0,0,301,10`);
  const put = { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(picture) };
  await expectFailure('invalid_request', 'check', `/images/${'1'.repeat(64)}`, put);

  // Two jobs occupy both lanes; a third waits until its deadline.
  const client = connectZmq(t, service.zmq);
  const slow = (width: number) => fetch(`${service.http}/images/${idOf(large)}?width=${width}&format=avif&effort=6`);
  const busy = [slow(1800), slow(1801)].map((one) => one.then((response) => response.arrayBuffer()));
  for (;;) {
    const metrics = await (await fetch(`${service.http}/metrics`)).text();
    if (/imgwire_lanes\{weight="heavy",state="busy"\} 2/.test(metrics)) break;
  }
  const call = async (code: string, stage: string, request: object) => {
    const trace = newTrace();
    const { json } = await client.call({ ...request, traceparent: trace.traceparent });
    assert.deepEqual([json.code, 'stage' in json], [code, false]);
    failures.push({ code, stage, trace, span: stage });
  };
  await call('timeout', 'queue', { operation: 'resize', image_id: id, width: 21, timeout_ms: 30 });
  await Promise.all(busy);
  const tooSlow = { image_id: idOf(large), width: 1700, format: 'avif', effort: 6, timeout_ms: 100 };
  await call('timeout', 'lane', { operation: 'resize', ...tooSlow });

  // A file takes the place of the store's folder.
  const folder = join(service.dataDir, 'images');
  await rename(folder, `${folder}-gone`);
  await writeFile(folder, '');
  await chmod(folder, 0o600);
  await call('store_unavailable', 'store', { operation: 'info', image_id: id });
  await call('store_unavailable', 'store', { operation: 'retrieve', image_id: id });
  assert.deepEqual(await service.stop(), { code: 0, signal: null });

  for (const { code, stage, trace, span } of failures) {
    const { root, all } = treeOf(collector, trace);
    assert.deepEqual([root.attributes['error.type'], root.attributes['imgwire.stage']], [code, stage], code);
    const failed = all.filter((one) => one !== root && one.status === 2);
    assert.deepEqual(
      failed.map(({ name, attributes }) => [name, attributes['error.type']]),
      span === undefined ? [] : [[span, code]],
    );
    assert.equal(root.status, code === 'timeout' || code === 'store_unavailable' ? 2 : 0);
    const requestId = root.attributes['imgwire.request_id'];
    const line = service.logs.find((one) => one.request_id === requestId && /^request/.test(one.msg) && one.code);
    assert.deepEqual([line?.code, line?.stage], [code, stage]);
  }
  const output = JSON.stringify(service.logs) + collector.bodies.join();
  assert.ok(!output.includes(secret), output.slice(output.indexOf(secret) - 200, output.indexOf(secret)));
});

test('a collector that is unreachable or never answers delays neither requests nor the shutdown', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  const sockets = new Set<Socket>();
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  closeWith(t, () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  for (const url of ['http://127.0.0.1:9', `http://127.0.0.1:${port}`]) {
    const service = await startService(t, {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    for (let count = 0; count < 5; count += 1) assert.equal((await fetch(`${service.http}/health`)).status, 200);
    const line = await service.waitForLog(({ msg }) => msg === 'traces are not exported');
    assert.equal(typeof line.reason, 'string');
    await fetch(`${service.http}/health`);
    assert.deepEqual(await service.stop(), { code: 0, signal: null });
  }
});

test('ignores an invalid traceparent over HTTP, and rejects it over ZeroMQ like any invalid field', async (t) => {
  const service = await startService(t);
  const headers = { traceparent: 'nonsense' };
  assert.equal((await fetch(`${service.http}/health`, { headers })).status, 200);
  const { json } = await connectZmq(t, service.zmq).call({ operation: 'ping', traceparent: 'nonsense' });
  assert.deepEqual([json.code, json.parameter], ['invalid_request', 'traceparent']);
});
