import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openDoor, type Performed, type TestDoor, type TestDoorOptions } from './door.ts';

const maxUploadBytes = 100_000;
const stored = { image_id: 'b'.repeat(64), created: true };
const bytes = Buffer.from(Array.from({ length: 90_000 }, (_, index) => index % 251));

function openUploads(t: Parameters<typeof openDoor>[0], options: TestDoorOptions = {}): Promise<TestDoor> {
  return openDoor(t, { perform: () => ({ fields: stored }), ...options });
}

function form(...parts: [name: string, value: string | Blob][]): FormData {
  const body = new FormData();
  for (const [name, value] of parts) body.append(name, value);
  return body;
}

/** A body without a Content-Length. */
function chunked(total: number, chunk = 10_000): RequestInit {
  let remaining = total;
  const body = new ReadableStream({
    pull(controller) {
      if (remaining <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(chunk, remaining)));
      remaining -= chunk;
    },
  });
  return { body, duplex: 'half' } as RequestInit;
}

const raw = { 'Content-Type': 'application/octet-stream' };
const post = (door: TestDoor, init: RequestInit) => fetch(`${door.url}/images`, { method: 'POST', ...init });

/** Waits until the budget is released: when the answer has been sent, a moment after the client has received it. */
async function budgetReturned(door: TestDoor): Promise<void> {
  while (door.budget.used > 0) await new Promise(setImmediate);
}

async function problemOf(response: Response, status: number): Promise<Record<string, unknown>> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  return (await response.json()) as Record<string, unknown>;
}

const encodings: [name: string, init: () => RequestInit][] = [
  ['raw octets', () => ({ headers: raw, body: bytes })],
  ['an image type', () => ({ headers: { 'Content-Type': 'image/JPEG; q=1' }, body: bytes })],
  ['a form', () => ({ body: form(['image', new File([bytes], 'photo.jpg', { type: 'image/jpeg' })]) })],
  ['a form whose file has no type', () => ({ body: form(['image', new Blob([bytes])]) })],
];

for (const [name, init] of encodings) {
  test(`accepts an image as ${name}, byte for byte`, async (t) => {
    const door = await openUploads(t);
    const response = await post(door, init());
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('location'), `/images/${stored.image_id}`);
    assert.deepEqual(await response.json(), {
      status: 'success',
      message: 'Image uploaded successfully',
      request_id: response.headers.get('x-request-id'),
      ...stored,
    });
    assert.deepEqual(door.performed[0]?.image, bytes);
    await budgetReturned(door);
  });
}

test('accepts a chunked body and bodies of exactly the limit', async (t) => {
  const door = await openUploads(t);
  assert.equal((await post(door, { headers: raw, ...chunked(maxUploadBytes) })).status, 201);
  assert.equal(door.performed[0]?.image?.length, maxUploadBytes);
  const file = new File([new Uint8Array(maxUploadBytes)], 'x');
  assert.equal((await post(door, { body: form(['image', file]) })).status, 201);
  assert.equal(door.performed[1]?.image?.length, maxUploadBytes);
});

test('answers 200 for an image already stored, and redirects browsers to its page', async (t) => {
  const door = await openUploads(t, { perform: () => ({ fields: { ...stored, created: false } }) });
  assert.equal((await post(door, { headers: raw, body: bytes })).status, 200);
  const accept = 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8';
  const browser = await post(door, { headers: { ...raw, Accept: accept }, body: bytes, redirect: 'manual' });
  assert.equal(browser.status, 303);
  assert.equal(browser.headers.get('location'), `/images/${stored.image_id}`);
  const client = await post(door, { headers: { ...raw, Accept: 'application/json, text/html' }, body: bytes });
  assert.equal(client.status, 200);
});

test('rejects a malformed form', async (t) => {
  const door = await openUploads(t);
  const head = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc';
  for (const [type, body] of [
    ['multipart/form-data', 'abc'],
    ['multipart/form-data; boundary=x', 'abc'],
    ['multipart/form-data; boundary=x', ''],
    ['multipart/form-data; boundary=x', head],
    ['multipart/form-data; boundary=x', head.replace('image', '__proto__')],
  ] as const) {
    const problem = await problemOf(await post(door, { headers: { 'Content-Type': type }, body }), 400);
    assert.equal(problem.code, 'invalid_request', body);
  }
  assert.equal(door.performed.length, 0);
  await budgetReturned(door);
});

test('rejects other content types and none', async (t) => {
  const door = await openUploads(t);
  const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/mixed; boundary=x'];
  const invalid = ['nonsense', 'image', 'image/', 'imagex/png', 'image/png, image/png', `${raw['Content-Type']}, a/b`];
  for (const type of [...types, ...invalid, 'multipart/form-data, a/b; boundary=x']) {
    const problem = await problemOf(await post(door, { headers: { 'Content-Type': type }, body: bytes }), 415);
    assert.equal(problem.code, 'unsupported_format', type);
    const expected = 'Expected the Content-Type multipart/form-data, image/* or application/octet-stream but received';
    assert.equal(problem.detail, `${expected} "${type.split(';')[0]}"`);
  }
  for (const init of [{ body: new Uint8Array(bytes) }, { headers: { 'Content-Type': '' }, body: bytes }, {}])
    assert.match(String((await problemOf(await post(door, init), 415)).detail), /but received none$/);
  assert.equal(door.performed.length, 0);
});

test('names the boundary that a form lacks', async (t) => {
  const door = await openUploads(t);
  for (const type of [
    'multipart/form-data',
    'Multipart/Form-Data; charset=utf-8',
    'multipart/form-data; boundary=""',
  ]) {
    const problem = await problemOf(await post(door, { headers: { 'Content-Type': type }, body: '--x' }), 400);
    assert.deepEqual(
      [problem.code, problem.parameter, problem.detail],
      [
        'invalid_request',
        'Content-Type',
        `Expected multipart/form-data with a boundary but received ${JSON.stringify(type)}`,
      ],
    );
  }
});

test('rejects empty bodies', async (t) => {
  const door = await openUploads(t);
  assert.match(String((await problemOf(await post(door, { headers: raw }), 400)).detail), /received 0 bytes/);
  await problemOf(await post(door, { body: form(['image', new File([], '')]) }), 400);
  await problemOf(await post(door, { headers: raw, ...chunked(0) }), 400);
  assert.equal(door.performed.length, 0);
});

const tooLarge: [name: string, init: () => RequestInit][] = [
  ['one byte over', () => ({ headers: raw, body: new Uint8Array(maxUploadBytes + 1) })],
  ['far over', () => ({ headers: raw, body: new Uint8Array(50 * maxUploadBytes) })],
  ['chunked and one byte over', () => ({ headers: raw, ...chunked(maxUploadBytes + 1) })],
  ['a form one byte over', () => ({ body: form(['image', new File([new Uint8Array(maxUploadBytes + 1)], 'a')]) })],
  ['a form far over', () => ({ body: form(['image', new File([new Uint8Array(5 * maxUploadBytes)], 'a')]) })],
];

for (const [name, init] of tooLarge) {
  test(`rejects an image ${name} with 413, and the client receives the answer`, async (t) => {
    const door = await openUploads(t);
    const problem = await problemOf(await post(door, init()), 413);
    assert.equal(problem.code, 'too_large');
    assert.equal(door.performed.length, 0);
    await budgetReturned(door);
    assert.equal((await post(door, { headers: raw, body: bytes })).status, 201);
  });
}

test('rejects a form that is too large outside of its fields', async (t) => {
  const door = await openUploads(t);
  const image = '--x\r\nContent-Disposition: form-data; name="image"\r\n\r\nabc\r\n--x--\r\n';
  const junk = 'j'.repeat(4 * maxUploadBytes);
  const send = (text: string) => {
    const body = new Blob([text]).stream();
    return post(door, {
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body,
      duplex: 'half',
    } as RequestInit);
  };
  for (const text of [`${junk}\r\n${image}`, image + junk, image.replace('\r\n', `\r\nX: ${junk}\r\n`)]) {
    const { code, detail } = await problemOf(await send(text), 413);
    assert.equal(code, 'too_large');
    assert.match(String(detail), /^Expected a form of at most \d+ bytes but received more$/);
    assert.equal(door.performed.length, 0);
    await budgetReturned(door);
  }
  assert.equal((await send(`${junk.slice(0, 20_000)}\r\n${image}${junk.slice(0, 20_000)}`)).status, 201);
});

test('a client that sends everything before it reads still gets its answer, and can continue', async (t) => {
  const door = await openUploads(t);
  const socket = await open(door);
  socket.write(
    `POST /images HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: ${2 * maxUploadBytes}\r\n\r\n`,
  );
  socket.pause();
  socket.write(Buffer.alloc(2 * maxUploadBytes));
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const answers = await text(socket);
  assert.match(answers, /^HTTP\/1\.1 413 /);
  assert.match(answers, /HTTP\/1\.1 200 OK/);
});

test('cuts off a client that never stops sending', async (t) => {
  const door = await openUploads(t);
  const socket = await open(door);
  socket.on('error', () => {});
  socket.write('POST /images HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 999999999999\r\n\r\n');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const chunk = Buffer.alloc(65_536);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more).resume();
  more();
  await closed;
});

test('answers Expect: 100-continue with the error before the body, or with 100', async (t) => {
  const door = await openUploads(t);
  const send = (length: number) =>
    httpRequest(`${door.url}/images`, {
      method: 'POST',
      headers: { ...raw, Expect: '100-continue', 'Content-Length': length },
    });

  const refused = send(10 * maxUploadBytes);
  refused.on('continue', () => assert.fail('asked for the body')).flushHeaders();
  const [no] = (await once(refused, 'response')) as [IncomingMessage];
  assert.equal(no.statusCode, 413);
  assert.equal(no.headers.connection, 'close');
  await text(no);
  refused.destroy();

  const accepted = send(bytes.length);
  accepted.flushHeaders();
  await once(accepted, 'continue');
  accepted.end(bytes);
  const [yes] = (await once(accepted, 'response')) as [IncomingMessage];
  assert.equal(yes.statusCode, 201);
  assert.deepEqual(door.performed[0]?.image, bytes);
});

test('rejects a body over the budget before reading it', async (t) => {
  const door = await openUploads(t, { budgetBytes: 50_000 });
  const response = await post(door, { headers: raw, body: bytes });
  assert.equal(response.headers.get('retry-after'), '1');
  assert.equal((await problemOf(response, 503)).code, 'overloaded');
  assert.equal((await post(door, { headers: raw, body: bytes.subarray(0, 40_000) })).status, 201);
});

for (const [name, head] of [
  ['raw', 'Content-Type: image/png\r\nContent-Length: 50000\r\n\r\n'],
  ['chunked', 'Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n5000\r\n'],
  [
    'form',
    'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000\r\n\r\n--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n',
  ],
] as const) {
  test(`releases everything if a client disconnects during an upload (${name})`, async (t) => {
    const door = await openUploads(t);
    const socket = await open(door);
    socket.write(`POST /images HTTP/1.1\r\nHost: x\r\n${head}`);
    socket.write(Buffer.alloc(10_000));
    while (door.budget.used === 0) await new Promise(setImmediate);
    socket.destroy();
    await budgetReturned(door);
    assert.equal((await post(door, { headers: raw, body: bytes })).status, 201);
    assert.equal(door.performed.length, 1);
    assert.deepEqual(
      door.lines.filter(({ level }) => Number(level) > 30),
      [],
    );
    assert.ok(door.lines.some(({ msg }) => msg === 'request dropped by the client'));
  });
}

test('aborts the job of a client that disconnects', async (t) => {
  let arrived: (performed: Performed) => void = () => {};
  const arrival = new Promise<Performed>((resolve) => {
    arrived = resolve;
  });
  const door = await openUploads(t, {
    perform: (performed) =>
      new Promise((_, reject) => {
        performed.context.signal.addEventListener('abort', () => reject(new Error('aborted')));
        arrived(performed);
      }),
  });
  const socket = await open(door);
  socket.write('POST /resize?w=1 HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\nabc');
  const { signal } = (await arrival).context;
  assert.equal(door.budget.used, 3);
  const aborted = once(signal, 'abort');
  socket.destroy();
  await aborted;
  await budgetReturned(door);
  assert.deepEqual(
    door.lines.filter(({ level }) => Number(level) > 30),
    [],
  );
});

test('POST /resize answers with the bytes, and does not abort the signal of an answered request', async (t) => {
  const result = Buffer.from('made');
  const door = await openUploads(t, {
    perform: () => ({ fields: { media_type: 'image/webp' }, image: result }),
  });
  const response = await fetch(`${door.url}/resize?f=webp`, { method: 'POST', headers: raw, body: bytes });
  assert.equal(response.headers.get('content-type'), 'image/webp');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), result);
  await budgetReturned(door);
  const [{ request, image, context }] = door.performed as [Performed];
  assert.deepEqual(request, { operation: 'resize', format: 'webp' });
  assert.deepEqual(image, bytes);
  assert.equal(context.signal.aborted, false);
});

test('counts a reply until it is sent or its client disconnects', async (t) => {
  const result = Buffer.alloc(40_000_000);
  const door = await openUploads(t, {
    budgetBytes: 100_000_000,
    perform: () => ({ fields: { media_type: 'image/webp' }, image: result }),
  });
  const socket = await open(door);
  socket.pause();
  socket.write('POST /resize?w=1 HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\nabc');
  while (door.budget.used <= 3) await new Promise(setImmediate);
  assert.equal(door.budget.used, 3 + result.length);
  socket.destroy();
  await budgetReturned(door);
});

test('ignores an unexpected body and its type', async (t) => {
  const door = await openUploads(t);
  for (const type of [raw['Content-Type'], 'nonsense', '', 'multipart/form-data']) {
    for (const [method, path, status] of [
      ['DELETE', `/images/${stored.image_id}`, 204],
      ['POST', '/nowhere', 404],
      ['PATCH', '/images', 405],
    ] as const) {
      for (const length of [0, 50_000]) {
        const headers = { 'Content-Type': type, 'Content-Length': length };
        const sent = httpRequest(door.url + path, { method, headers });
        sent.end(Buffer.alloc(length));
        const [answer] = (await once(sent, 'response')) as [IncomingMessage];
        assert.equal(answer.statusCode, status, `${method} ${type}`);
        await buffer(answer);
      }
    }
  }
});

async function open(door: TestDoor): Promise<Socket> {
  const socket = connect(door.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
