import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type ErrorCode, errorCodes, RequestError, retryAfter } from '../../src/contract/errors.ts';
import { anyId, openDoor } from './door.ts';

const info = `/images/${anyId}/info`;

for (const code of Object.keys(errorCodes) as ErrorCode[]) {
  test(`${code} has its status and shape`, async (t) => {
    const door = await openDoor(t, {
      perform: () => {
        throw new RequestError(code, 'What was expected', { parameter: 'width' });
      },
    });
    const response = await fetch(door.url + info, { headers: { 'X-Request-Id': 'mine-1' } });
    assert.equal(response.status, errorCodes[code].status);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.equal(response.headers.get('x-request-id'), 'mine-1');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('retry-after'), retryAfter(code) === undefined ? null : String(retryAfter(code)));
    assert.deepEqual(await response.json(), {
      type: 'about:blank',
      title: errorCodes[code].title,
      status: errorCodes[code].status,
      detail: 'What was expected',
      code,
      parameter: 'width',
      request_id: 'mine-1',
    });
  });
}

test('a bug is logged and not shown to the client', async (t) => {
  const door = await openDoor(t, {
    perform: () => {
      throw new TypeError('the secret of the database');
    },
  });
  const response = await fetch(door.url + info, { headers: { 'X-Request-Id': 'mine-2' } });
  const body = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(body, /secret/);
  const [line] = door.lines.filter(({ level }) => Number(level) >= 50);
  assert.equal(line?.request_id, 'mine-2');
  assert.match(JSON.stringify(line?.err), /the secret of the database/);
});

test('an unknown route is a problem, and a wrong method lists the allowed ones', async (t) => {
  const { url } = await openDoor(t);
  const unknown = await fetch(`${url}/nowhere`);
  assert.equal(unknown.status, 404);
  assert.equal(((await unknown.json()) as { code: string }).code, 'not_found');
  for (const [path, allow] of [
    ['/images', 'GET, HEAD, POST'],
    [`/images/${anyId}`, 'DELETE, GET, HEAD, PUT'],
    ['/resize', 'POST'],
    ['/%69mages?a=b', 'GET, HEAD, POST'],
    ['/docs', 'GET, HEAD'],
    ['/docs/', 'GET, HEAD'],
    ['/docs/static/swagger-ui.css', 'GET, HEAD'],
    ['/assets/style.css', 'GET, HEAD'],
  ]) {
    const response = await fetch(url + path, { method: 'PATCH' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), allow);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  }
});

test('a URL that cannot be decoded is a problem with a request id and a log line', async (t) => {
  const door = await openDoor(t);
  const response = await fetch(`${door.url}/images/%ff`);
  assert.equal(response.status, 400);
  const problem = (await response.json()) as Record<string, unknown>;
  assert.equal(problem.code, 'invalid_request');
  assert.equal(problem.request_id, response.headers.get('x-request-id'));
  assert.ok(door.lines.some((line) => line.request_id === problem.request_id));
});

for (const [name, head, status] of [
  ['something other than HTTP', 'this is not HTTP', 400],
  ['a request without Host', 'GET /health HTTP/1.1\r\nConnection: close', 400],
  ['an unknown Expect', 'GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nConnection: close', 417],
  [
    'an unknown Expect before a body',
    `PUT /images/${anyId} HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nContent-Length: 9`,
    417,
  ],
  ['a CONNECT', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost', 501],
  ['an OPTIONS of the server', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close', 404],
  [
    'an upgrade of an unknown path',
    'GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade, close',
    404,
  ],
] as const) {
  test(`${name} is a problem with a request id and a log line`, async (t) => {
    const door = await openDoor(t);
    const socket = connect(door.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${head}\r\n\r\n`);
    const [headers = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const problem = JSON.parse(body) as Record<string, unknown>;
    assert.match(headers, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.equal(problem.status, status);
    for (const header of ['content-type: application/problem+json', 'x-content-type-options: nosniff'])
      assert.ok(headers.toLowerCase().includes(header), headers);
    assert.match(headers, new RegExp(`^x-request-id: ${problem.request_id}`, 'im'));
    await door.waitForLog((line) => line.request_id === problem.request_id && line.status === status);
  });
}

test('ignores Expect of HTTP/1.0 (RFC 9110, 10.1.1)', async (t) => {
  const { port } = await openDoor(t);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /health HTTP/1.0\r\nExpect: foo\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 200 /);
});

test('ignores an empty Expect', async (t) => {
  const { port } = await openDoor(t);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: \r\nConnection: close\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 200 /);
});

test('accepts valid request ids, else creates one; each request has one log line', async (t) => {
  const door = await openDoor(t, { perform: () => ({ fields: { images: [] } }) });
  const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
  for (const [given, expected] of [
    ['abc 123', /^abc 123$/],
    [undefined, uuid],
    ['x'.repeat(129), uuid],
    ['ümlaut', uuid],
  ] as const) {
    const response = await fetch(`${door.url}/images`, { headers: given ? { 'X-Request-Id': given } : {} });
    const id = String(response.headers.get('x-request-id'));
    assert.match(id, expected);
    assert.equal(door.performed.at(-1)?.context.requestId, id);
    await response.text();
    const lines = door.lines.filter((line) => line.request_id === id);
    assert.equal(lines.length, 1);
    const [{ method, route, status }] = lines as [Record<string, unknown>];
    assert.deepEqual({ method, route, status }, { method: 'GET', route: '/images', status: 200 });
  }
});

test('every response has nosniff', async (t) => {
  const { url } = await openDoor(t);
  for (const path of ['/health', '/nowhere', '/openapi.json', '/docs', '/images/%ff']) {
    assert.equal((await fetch(url + path)).headers.get('x-content-type-options'), 'nosniff', path);
  }
});
