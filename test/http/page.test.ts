import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parameterNames } from '../../src/contract/parameters.ts';
import { openDoor } from './door.ts';

const maxBytes = 60_000;
const door = await openDoor({ after });

/** Loads the page and everything it refers to, recursively, by path. */
async function load(): Promise<Map<string, { response: Response; text: string }>> {
  const loaded = new Map<string, { response: Response; text: string }>();
  const paths = ['/'];
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const response = await fetch(door.url + path);
    assert.equal(response.status, 200, path);
    const text = await response.text();
    loaded.set(path, { response, text });
    for (const [, named = ''] of text.matchAll(/(?:src=|href=|from |getJson\()["']([\w./-]+)["']/g)) {
      // Imports are relative to the script, fetches to the page.
      const { origin, pathname } = new URL(named, new URL(named.startsWith('.') ? path : '/', door.url));
      assert.equal(origin, door.url, named);
      const isPart = pathname.startsWith('/assets/');
      if (isPart && !loaded.has(pathname) && !paths.includes(pathname)) paths.push(pathname);
    }
  }
  return loaded;
}

test('the page loads only from this server and is small', async () => {
  const loaded = await load();
  assert.ok(loaded.has('/assets/settings.json') && loaded.has('/assets/editor.js'));
  let bytes = 0;
  for (const path of loaded.keys()) {
    const { rawPayload, headers } = await door.app.inject({ url: path, headers: { 'accept-encoding': 'gzip' } });
    assert.equal(headers['content-encoding'], 'gzip', path);
    bytes += rawPayload.length;
  }
  assert.ok(bytes < maxBytes, `${bytes} bytes`);
});

test("the page's CSP allows nothing from elsewhere and nothing inline", async () => {
  for (const [path, { response, text }] of await load()) {
    const policy = String(response.headers.get('content-security-policy'));
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
    if (path === '/') assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  }
});

test('answers an unchanged file with 304, and sends it uncompressed without gzip', async () => {
  const first = await door.app.inject({ url: '/' });
  assert.equal(first.headers['content-encoding'], undefined);
  assert.match(first.body, /^<!doctype html>/);
  const again = await door.app.inject({ url: '/', headers: { 'if-none-match': String(first.headers.etag) } });
  assert.equal(again.statusCode, 304);
  const refused = await door.app.inject({ url: '/', headers: { 'accept-encoding': 'gzip;q=0, br' } });
  assert.equal(refused.headers['content-encoding'], undefined);
});

test('the page knows all parameters', async () => {
  const { parameters } = (await (await fetch(`${door.url}/assets/settings.json`)).json()) as {
    parameters: { name: string }[];
  };
  assert.deepEqual(
    parameters.map(({ name }) => name),
    parameterNames,
  );
});
