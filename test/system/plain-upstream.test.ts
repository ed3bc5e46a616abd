import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startProgram } from '../helpers/program.ts';
import { startService } from '../helpers/service.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`./upstreams/${name}`, import.meta.url));

test('serves HTTP in front of a Python server with three operations', async (t) => {
  const folder = await temporaryFolder(t, 'test');
  const endpoint = `ipc://${folder}/server`;
  // Debian's Python, which has python3-zmq.
  await startProgram(t, '/usr/bin/python3', [
    pathOf('rep_server.py'),
    endpoint,
    process.execPath,
    pathOf('resize.mjs'),
  ]);
  const { http } = await startService(t, { env: { IMGWIRE_WORKERS: '0', IMGWIRE_UPSTREAMS: endpoint } });
  const picture = await photo(1200, 900);
  const id = createHash('sha256').update(picture).digest('hex');
  const post = { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(picture) };
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  const stored = await fetch(`${http}/images`, post);
  assert.equal(stored.status, 201);
  assert.equal(stored.headers.get('location'), `/images/${id}`);
  const original = await fetch(`${http}/images/${id}`);
  assert.equal(original.headers.get('content-type'), 'image/jpeg');
  assert.deepEqual(await bytesOf(original), picture);
  for (const made of [await fetch(`${http}/images/${id}?width=300`), await fetch(`${http}/resize?width=300`, post)]) {
    assert.equal(made.headers.get('content-type'), 'image/jpeg');
    const { width, height } = await sharp(await bytesOf(made)).metadata();
    assert.deepEqual([width, height], [300, 225]);
  }
  assert.equal((await fetch(`${http}/images/${'0'.repeat(64)}`)).status, 404);
  for (const [path, method] of [
    [`/images/${id}`, 'DELETE'],
    [`/images/${id}/info`, 'GET'],
    ['/images', 'GET'],
  ] as const) {
    const refused = await fetch(http + path, { method });
    assert.equal(refused.status, 400);
    assert.match(
      ((await refused.json()) as { detail: string }).detail,
      /^Invalid operation here: the upstream cannot /,
    );
  }
});
