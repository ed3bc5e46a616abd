import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor, type TestDoor } from './door.ts';

const bytes = Buffer.from(Array.from({ length: 90_000 }, (_, index) => index % 251));
const maxOtherBytes = 65_536;
const disposition = (name: string) => `Content-Disposition: form-data; name="${name}"`;

type Part = [headers: string[], body: Buffer | string];

const image: Part = [[`${disposition('image')}; filename="a.png"`, 'Content-Type: image/png'], bytes];
const text = (name: string, value = 'b'): Part => [[disposition(name)], value];
const file = (name: string, value: Buffer | string = 'b'): Part => [[`${disposition(name)}; filename="x"`], value];

/** Sends the parts verbatim; FormData would change them. */
async function post(door: TestDoor, parts: Part[], path = '/images') {
  const written = parts.flatMap(([headers, body]) => [
    Buffer.from(`--limit\r\n${headers.join('\r\n')}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  const response = await fetch(door.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=limit' },
    body: Buffer.concat([...written, Buffer.from('--limit--\r\n')]),
  });
  return { status: response.status, reply: (await response.json()) as Record<string, unknown> };
}

const open = (t: Parameters<typeof openDoor>[0]) =>
  openDoor(t, { perform: () => ({ fields: { image_id: 'b'.repeat(64), created: true } }) });

const imageWith = (...headers: string[]): Part => [headers, bytes];

const accepted: [name: string, parts: Part[]][] = [
  ['a token before the file', [text('csrf', 'abc'), image]],
  ['the name of a button after the file', [image, text('upload', 'Send')]],
  ['several fields of one name', [text('tag', 'a'), image, text('tag', 'b'), text('tag', 'c')]],
  [
    'a field that claims to be JSON but is not',
    [[[disposition('data'), 'Content-Type: application/json'], '{'], image],
  ],
  ['a file input that was left empty', [[[`${disposition('other')}; filename=""`], ''], image]],
  ['a file in another field', [file('thumbnail', Buffer.alloc(1000)), image]],
  [
    'the maximum number of fields',
    [...Array.from({ length: 32 }, (_, n) => text(`a${n}`)), image, ...Array<Part>(32).fill(text('z'))],
  ],
  ['fields of the maximum size', [text('a', 'a'.repeat(maxOtherBytes - 1)), image, text('b')]],
  ['an image without a filename', [imageWith(disposition('image'), 'Content-Type: image/png')]],
  ['an image whose type comes first', [imageWith('Content-Type: image/png', disposition('image'))]],
  ['an image without filename and type', [imageWith(disposition('image'))]],
  ['an image declared as binary', [imageWith(disposition('image'), 'Content-Transfer-Encoding: BINARY')]],
  ['an image that claims to be text', [imageWith(disposition('image'), 'Content-Type: text/plain; charset=utf-16')]],
];

for (const [name, parts] of accepted) {
  test(`accepts a form with ${name}`, async (t) => {
    const door = await open(t);
    const { status, reply } = await post(door, parts);
    assert.equal(status, 201, JSON.stringify(reply));
    assert.deepEqual(door.performed[0]?.image, bytes);
  });
}

test('an image in base64 may be as large as any other', async (t) => {
  const door = await open(t);
  const text = 'QUJD'.repeat(33_000);
  const { status, reply } = await post(door, [[[disposition('image'), 'Content-Transfer-Encoding: base64'], text]]);
  assert.equal(status, 201, JSON.stringify(reply));
  assert.equal(String(door.performed[0]?.image), text);
});

test('POST /resize names a parameter in the form, which POST /images ignores', async (t) => {
  const door = await open(t);
  for (const name of ['width', 'w', 'format', 'preset']) {
    for (const parts of [
      [text(name), image],
      [image, text(name)],
    ]) {
      const { status, reply } = await post(door, parts, '/resize');
      assert.deepEqual([status, reply.code, reply.parameter], [400, 'invalid_request', name]);
      assert.equal(reply.detail, `Expected ${name} in the query of the URL but received it in the form`);
      assert.equal(door.performed.length, 0);
    }
  }
  assert.equal((await post(door, [text('width'), image])).status, 201);
});

const tooMuch = /^Expected at most 64 other fields of 65536 bytes in total besides image but received more$/;

const refused: [name: string, parts: Part[], code: string, parameter: string | undefined, detail: RegExp][] = [
  ['no parts', [], 'invalid_request', 'image', /received none$/],
  [
    'only other fields',
    [text('csrf'), file('photo', bytes.subarray(0, 1000))],
    'invalid_request',
    'image',
    /received only "csrf, photo"$/,
  ],
  [
    'two images',
    [
      [image[0], 'one'],
      [image[0], 'two'],
    ],
    'invalid_request',
    'image',
    /received more than one$/,
  ],
  [
    'an empty image',
    [[[`${disposition('image')}; filename=""`], '']],
    'invalid_request',
    'image_data',
    /received 0 bytes/,
  ],
  [
    'an image in quoted-printable',
    [imageWith(disposition('image'), 'Content-Transfer-Encoding: quoted-printable')],
    'invalid_request',
    'image',
    /^Expected the Content-Transfer-Encoding binary or base64 in the field image but received "quoted-printable"$/,
  ],
  [
    'an image in base64 that is too large',
    [[[disposition('image'), 'Content-Transfer-Encoding: base64'], 'QUJD'.repeat(40_000)]],
    'too_large',
    'image_data',
    /at most 100000 bytes/,
  ],
  [
    'a reserved name',
    [text('toString'), image],
    'invalid_request',
    undefined,
    /no field with a name that every object/,
  ],
  ['one field too many before the image', [...Array<Part>(65).fill(text('a')), image], 'too_large', undefined, tooMuch],
  ['one field too many after the image', [image, ...Array<Part>(65).fill(text('a'))], 'too_large', undefined, tooMuch],
  [
    'one field that is too large',
    [text('a', 'a'.repeat(maxOtherBytes + 1)), [image[0], 'small']],
    'invalid_request',
    'image',
    /one file in the field image but received "a" first$/,
  ],
  [
    'a field that is too large after the image',
    [[image[0], 'small'], text('a', 'a'.repeat(maxOtherBytes + 1))],
    'too_large',
    undefined,
    tooMuch,
  ],
  [
    'fields that are too large together',
    [...Array<Part>(3).fill(file('a', 'a'.repeat(22_000))), [image[0], 'small']],
    'too_large',
    undefined,
    tooMuch,
  ],
];

for (const [name, parts, code, parameter, detail] of refused) {
  test(`rejects a form with ${name}`, async (t) => {
    const door = await open(t);
    const { status, reply } = await post(door, parts);
    assert.equal(status, code === 'too_large' ? 413 : 400);
    assert.equal(reply.code, code);
    assert.match(String(reply.detail), detail);
    assert.equal(reply.parameter, parameter);
    assert.equal(door.performed.length, 0);
    while (door.budget.used > 0) await new Promise(setImmediate);
    assert.equal((await post(door, [image])).status, 201);
  });
}
