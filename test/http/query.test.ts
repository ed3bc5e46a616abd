import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyId, openDoor, type TestDoor } from './door.ts';

const image = { fields: { media_type: 'image/webp' }, image: Buffer.from('made') };

async function ask(t: Parameters<typeof openDoor>[0], query: string): Promise<{ door: TestDoor; response: Response }> {
  const door = await openDoor(t, { perform: () => image });
  return { door, response: await fetch(`${door.url}/images/${anyId}?${query}`) };
}

test('parses parameters into typed fields, with aliases resolved', async (t) => {
  const { door, response } = await ask(t, 'w=720&height=480&enlarge=false&position=right+top&bg=%23ff8800&f=webp&q=75');
  assert.equal(response.status, 200);
  assert.deepEqual(door.performed[0]?.request, {
    operation: 'resize',
    image_id: anyId,
    width: 720,
    height: 480,
    enlarge: false,
    position: 'right top',
    background: '#ff8800',
    format: 'webp',
    quality: 75,
  });
});

const refused: [query: string, parameter: string, detail: RegExp][] = [
  ['width=abc', 'width', /^Expected an integer from 1 to 8192 for width but received "abc"$/],
  ['width=', 'width', /received ""$/],
  ['width=0', 'width', /received "0"$/],
  ['width=8193', 'width', /received "8193"$/],
  ['width=1.5', 'width', /received "1.5"$/],
  ['width=1e4', 'width', /received "1e4"$/],
  ['width=%2B5', 'width', /received "\+5"$/],
  ['w=x', 'w', /for w but received "x"$/],
  ['wdith=720', 'wdith', /did you mean width\?$/],
  ['Width=720', 'Width', /did you mean width\?$/],
  ['zzzzzzzz=1', 'zzzzzzzz', /expected one of width, height/],
  ['__proto__=1', '__proto__', /^Unknown parameter "__proto__"/],
  ['constructor=1', 'constructor', /^Unknown parameter "constructor"/],
  ['image_id=1', 'image_id', /^Unknown parameter/],
  ['width=1&width=2', 'width', /^Expected width once/],
  ['width=1&w=2', 'width', /^Expected width once/],
  ['w=1&w=1', 'width', /^Expected width once/],
  ['fit=stretch', 'fit', /^Expected one of cover, contain, fill, inside, outside for fit but received "stretch"$/],
  ['enlarge=yes', 'enlarge', /^Expected true or false for enlarge but received "yes"$/],
  ['background=notacolour', 'background', /^Expected a CSS colour/],
  ['download=', 'download', /for download/],
  ['download=a%0d%0ab', 'download', /for download/],
  ['download=..%2fpasswd', 'download', /for download/],
];

for (const [query, parameter, detail] of refused) {
  test(`rejects ?${query}, names the parameter, and does not ask a worker`, async (t) => {
    const { door, response } = await ask(t, query);
    const problem = (await response.json()) as Record<string, unknown>;
    assert.equal(response.status, 400);
    assert.equal(problem.code, 'invalid_request');
    assert.equal(problem.parameter, parameter);
    assert.match(String(problem.detail), detail);
    assert.equal(door.performed.length, 0);
  });
}

test('reads every parameter, after any number of separators', async (t) => {
  const { response, door } = await ask(t, `${'&'.repeat(2000)}w=x`);
  assert.equal(response.status, 400);
  assert.equal(((await response.json()) as { parameter: string }).parameter, 'w');
  assert.equal(door.performed.length, 0);
});

test('rejects parameters on a route without any', async (t) => {
  const door = await openDoor(t);
  for (const path of [`/images/${anyId}/info?width=1`, '/images?width=1']) {
    const response = await fetch(door.url + path);
    assert.equal(response.status, 400, path);
  }
  assert.equal((await fetch(`${door.url}/images/${anyId}?x=1`, { method: 'DELETE' })).status, 400);
  assert.equal((await fetch(`${door.url}/images?x=1`, { method: 'POST' })).status, 400);
  assert.equal(door.performed.length, 0);
});

test('list accepts limit and cursor', async (t) => {
  const door = await openDoor(t, { perform: () => ({ fields: { images: [] } }) });
  assert.equal((await fetch(`${door.url}/images?limit=7&cursor=abc`)).status, 200);
  assert.deepEqual(door.performed[0]?.request, { operation: 'list', limit: 7, cursor: 'abc' });
  assert.equal((await fetch(`${door.url}/images?limit=1001`)).status, 400);
});

for (const id of ['x', 'A'.repeat(64), `${anyId}a`, '..%2f..%2fetc%2fpasswd', 'b'.repeat(3000), '%00']) {
  test(`rejects the id ${id.slice(0, 70)}`, async (t) => {
    const door = await openDoor(t);
    for (const path of [`/images/${id}`, `/images/${id}/info`]) {
      const response = await fetch(door.url + path);
      const problem = (await response.json()) as Record<string, unknown>;
      assert.equal(response.status, 400);
      assert.equal(problem.parameter, 'image_id');
      assert.match(String(problem.detail), /^Expected a SHA-256 in 64 lowercase hex digits for image_id/);
    }
    assert.equal(door.performed.length, 0);
  });
}
