import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyId, openDoor } from './door.ts';

test('/health answers without a worker, and /ready depends on one', async (t) => {
  let isReady = false;
  const door = await openDoor(t, { isReady: () => isReady });
  assert.deepEqual(await (await fetch(`${door.url}/health`)).json(), { status: 'ok' });
  const response = await fetch(`${door.url}/ready`);
  assert.equal(response.status, 503);
  assert.equal(((await response.json()) as { code: string }).code, 'overloaded');
  isReady = true;
  assert.equal((await fetch(`${door.url}/ready`)).status, 200);
  assert.equal(door.performed.length, 0);
});

test('while draining, rejects new work and closes the connection, but /health succeeds', async (t) => {
  const door = await openDoor(t, { isDraining: () => true });
  for (const path of ['/ready', `/images/${anyId}`]) {
    const response = await fetch(door.url + path);
    assert.equal(response.status, 503, path);
    assert.equal(response.headers.get('retry-after'), '5');
    assert.equal(((await response.json()) as { code: string }).code, 'shutting_down');
  }
  const upload = await fetch(`${door.url}/images`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/png' },
    body: Buffer.alloc(90_000),
  });
  assert.equal(upload.status, 503);
  assert.equal(upload.headers.get('connection'), 'close');
  assert.equal((await fetch(`${door.url}/health`)).status, 200);
  assert.equal(door.performed.length, 0);
});

test('Swagger UI loads nothing from other sites', async (t) => {
  const { url } = await openDoor(t);
  const page = await fetch(`${url}/docs`);
  assert.equal(page.status, 200);
  assert.match(String(page.headers.get('content-security-policy')), /default-src 'self'/);
  assert.doesNotMatch(await page.text(), /(src|href)="https?:/);
});
