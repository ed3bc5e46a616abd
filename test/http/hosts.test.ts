import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openDoor, type TestDoor } from './door.ts';

async function get(door: TestDoor, head: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const socket = connect(door.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  const [headers = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(headers.split(' ')[1]), body: JSON.parse(body) };
}

const cases: [host: string, allowedHosts: string[], status: number][] = [
  ['localhost', [], 200],
  ['LOCALHOST:8080', [], 200],
  ['localhost.:8080', [], 200],
  ['imgwire.localhost:8080', [], 200],
  ['127.0.0.1:8080', [], 200],
  ['192.0.2.7', [], 200],
  ['[::1]:8080', [], 200],
  ['evil.example', [], 403],
  ['localhost.evil.example', [], 403],
  ['notlocalhost', [], 403],
  ['127.0.0.1.evil.example:8080', [], 403],
  ['Images.example.org:8080', ['images.example.org'], 200],
  ['images.example.org', ['IMAGES.example.org'], 200],
  ['images.example.org', ['images.example.org.'], 200],
  ['images.example.org.:8080', ['images.example.org'], 200],
  ['other.example.org', ['images.example.org'], 403],
  ['evil.example', ['*'], 200],
];

for (const [host, allowedHosts, status] of cases) {
  test(`answers Host ${host} with ${status} if ${allowedHosts.join() || 'none'} is allowed`, async (t) => {
    const door = await openDoor(t, { config: { allowedHosts } });
    const response = await get(door, `GET /health HTTP/1.1\r\nHost: ${host}`);
    assert.equal(response.status, status, JSON.stringify(response.body));
    if (status === 200) return;
    assert.deepEqual([response.body.code, response.body.parameter], ['forbidden', 'Host']);
    assert.match(String(response.body.detail), /IMGWIRE_ALLOWED_HOSTS/);
    assert.ok(String(response.body.detail).includes(JSON.stringify(host)));
  });
}

for (const [name, head, status] of [
  ['HTTP/1.1 without a Host', 'GET /health HTTP/1.1', 400],
  ['a second Host', 'GET /health HTTP/1.1\r\nHost: localhost\r\nHOST: evil.example', 400],
  ['the same Host twice', 'GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost', 400],
  ['two Hosts of HTTP/1.0', 'GET /health HTTP/1.0\r\nHost: localhost\r\nHost: localhost', 400],
  ['a Host with a user', 'GET /health HTTP/1.1\r\nHost: me@localhost', 400],
  ['a Host with a path', 'GET /health HTTP/1.1\r\nHost: localhost/', 400],
  ['a Host of two words', 'GET /health HTTP/1.1\r\nHost: local host', 400],
  ['an absolute form without a Host', 'GET http://localhost/health HTTP/1.1', 400],
] as const) {
  test(`answers ${name} with ${status}, whatever hosts are allowed`, async (t) => {
    for (const allowedHosts of [[], ['*']]) {
      const door = await openDoor(t, { config: { allowedHosts } });
      const { status: answered, body } = await get(door, head);
      assert.deepEqual([answered, body.code, body.parameter], [status, 'invalid_request', 'Host']);
    }
  });
}

test('accepts HTTP/1.0 without a Host', async (t) => {
  const door = await openDoor(t, { config: { allowedHosts: [] } });
  assert.equal((await get(door, 'GET /health HTTP/1.0')).status, 200);
});

test('blocks DNS rebinding: a foreign name that resolves to this server gets no images or uploads', async (t) => {
  const door = await openDoor(t, { config: { allowedHosts: [] } });
  const host = `Host: evil.example:${door.port}\r\nOrigin: http://evil.example:${door.port}`;
  assert.equal((await get(door, `GET /images HTTP/1.1\r\n${host}`)).status, 403);
  assert.equal((await get(door, `POST /images HTTP/1.1\r\n${host}\r\nContent-Length: 0`)).status, 403);
  assert.equal(door.performed.length, 0);
});
