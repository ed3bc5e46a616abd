import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { anyId, openDoor } from './door.ts';

const friend = 'https://shop.example';
const stranger = 'https://evil.example';

async function open(t: TestContext, corsOrigins: string[]) {
  const door = await openDoor(t, { config: { corsOrigins }, perform: () => ({ fields: { image_id: anyId } }) });
  const post = (headers: Record<string, string>) => {
    const body = new FormData();
    body.set('image', new File(['bytes'], 'photo.jpg'));
    return fetch(`${door.url}/images`, { method: 'POST', headers, body, redirect: 'manual' });
  };
  return { ...door, post };
}

test('redirects a form from an allowed origin to its image', async (t) => {
  const { post } = await open(t, [friend]);
  const response = await post({ Origin: friend, 'Sec-Fetch-Site': 'cross-site', Accept: 'text/html,*/*;q=0.8' });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), `/images/${anyId}`);
});

test('rejects uploads and deletions by pages of other origins before reading them', async (t) => {
  const door = await open(t, [friend]);
  for (const headers of [
    { Origin: stranger },
    { Origin: stranger, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'same-site' },
  ] as Record<string, string>[]) {
    const response = await door.post(headers);
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.equal(((await response.json()) as { code: string }).code, 'forbidden');
    const deletion = await fetch(`${door.url}/images/${anyId}`, { method: 'DELETE', headers });
    assert.equal(deletion.status, 403);
  }
  assert.equal(door.performed.length, 0);
});

test("accepts requests from this server's pages and from clients that are not browsers", async (t) => {
  const { post, url } = await open(t, []);
  for (const headers of [
    {},
    { Origin: url },
    { Origin: url, 'Sec-Fetch-Site': 'same-origin' },
    // Behind a proxy that terminates TLS.
    { Origin: url.replace('http:', 'https:') },
    { 'Sec-Fetch-Site': 'none' },
  ] as Record<string, string>[]) {
    const response = await post(headers);
    assert.equal(response.status, 200, JSON.stringify(headers));
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  }
});

test('only allowed origins may read answers, and caches keep them apart by Vary', async (t) => {
  const { url } = await open(t, [friend]);
  for (const [origin, allowed] of [
    [friend, friend],
    [stranger, null],
  ] as const) {
    const { headers } = await fetch(`${url}/images/${anyId}/info`, { headers: { Origin: origin } });
    assert.equal(headers.get('access-control-allow-origin'), allowed);
    assert.match(String(headers.get('vary')), /\bOrigin\b/);
  }
  const { headers } = await fetch(`${url}/nowhere`, { headers: { Origin: friend } });
  assert.equal(headers.get('access-control-allow-origin'), friend);
  assert.match(String(headers.get('access-control-expose-headers')), /\bX-Request-Id\b/);
});

test('answers preflights only for allowed origins', async (t) => {
  const { url } = await open(t, [friend]);
  const ask = (Origin: string) =>
    fetch(`${url}/images/${anyId}`, {
      method: 'OPTIONS',
      headers: { Origin, 'Access-Control-Request-Method': 'DELETE', 'Access-Control-Request-Headers': 'x-request-id' },
    });
  const yes = await ask(friend);
  assert.equal(yes.status, 204);
  assert.equal(yes.headers.get('access-control-allow-origin'), friend);
  assert.match(String(yes.headers.get('access-control-allow-methods')), /DELETE/);
  assert.equal(yes.headers.get('access-control-allow-headers'), 'x-request-id');
  const no = await ask(stranger);
  assert.equal(no.status, 405);
  assert.equal(no.headers.get('content-type'), 'application/problem+json');
  assert.equal(no.headers.get('access-control-allow-origin'), null);
});

test('* allows every origin', async (t) => {
  const { post } = await open(t, ['*']);
  const response = await post({ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
});

test('an error is an HTML page for clients that prefer one, with its text escaped', async (t) => {
  const { url } = await open(t, []);
  const response = await fetch(`${url}/images?<b>=1`, { headers: { Accept: 'text/html' } });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(String(response.headers.get('content-security-policy')), /default-src 'none'/);
  const text = await response.text();
  assert.match(text, /<h1>Invalid request<\/h1>/);
  assert.match(text, /&#60;b&#62;/);
  assert.doesNotMatch(text, /<b>/);
});

test('Server-Timing is on every answer', async (t) => {
  const { url } = await open(t, []);
  for (const path of ['/health', '/nowhere', `/images/${anyId}`]) {
    assert.match(
      String((await fetch(url + path)).headers.get('server-timing')),
      /^queue;dur=\d+\.\d, work;dur=\d+\.\d, cache;desc=miss;dur=\d+\.\d, app;dur=\d+\.\d$/,
      path,
    );
  }
});
