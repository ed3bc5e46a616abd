import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor } from './door.ts';

/* Documents and the files of the page have a weak ETag, as their compressed form shares it. */

for (const path of ['/', '/assets/style.css', '/assets/settings.json', '/openapi.json', '/asyncapi.json']) {
  test(`${path} is compressed for clients that accept it, and revalidated by ETag`, async (t) => {
    const { url } = await openDoor(t);
    const plain = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
    const zipped = await fetch(url + path, { headers: { 'accept-encoding': 'gzip' } });
    assert.deepEqual([plain.headers.get('content-encoding'), zipped.headers.get('content-encoding')], [null, 'gzip']);
    assert.equal(await zipped.text(), await plain.text());
    assert.ok(Number(zipped.headers.get('content-length')) < Number(plain.headers.get('content-length')) / 1.5);
    const etag = plain.headers.get('etag') as string;
    const again = await fetch(url + path, { headers: { 'if-none-match': etag } });
    assert.deepEqual([again.status, await again.text()], [304, '']);
  });

  test(`HEAD ${path} has the headers of GET, also of a 304`, async (t) => {
    const { url } = await openDoor(t);
    for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'if-none-match': '*' }]) {
      const [get, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(url + path, { method, headers })));
      const comparable = (response: Response | undefined) => {
        const changing = ['connection', 'date', 'keep-alive', 'server-timing', 'x-request-id'];
        return [response?.status, [...(response?.headers ?? [])].filter(([name]) => !changing.includes(name))];
      };
      assert.deepEqual(comparable(head), comparable(get));
      assert.equal(await head?.text(), '');
    }
  });

  test(`${path} evaluates If-Match by strong comparison, before If-None-Match`, async (t) => {
    const { url } = await openDoor(t);
    const etag = (await fetch(url + path)).headers.get('etag') as string;
    for (const tag of ['"other"', etag, etag.slice(2)]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(url + path, { method, headers: { 'if-match': tag, 'if-none-match': etag } });
        assert.deepEqual([response.status, response.headers.get('etag')], [412, null], `${method} ${tag}`);
      }
    }
    assert.equal((await fetch(url + path, { headers: { 'if-match': '*' } })).status, 200);
    assert.equal((await fetch(url + path, { headers: { 'if-match': '*', 'if-none-match': etag } })).status, 304);
  });
}
