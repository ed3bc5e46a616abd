import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { plain, red } from '../helpers/images.ts';
import { startService } from '../helpers/service.ts';

/*
 * The preconditions of RFC 9110, 13.1, evaluated in the order of 13.2.2. Images have a strong ETag and no Last-Modified.
 */

const service = await startService({ after }, { env: { IMGWIRE_WORKERS: '1' } });
const image = await plain(60, 40, red).png().toBuffer();
const id = createHash('sha256').update(image).digest('hex');
const url = `${service.http}/images/${id}`;
const missing = url.replace(id, 'f'.repeat(64));
/** A new width each time, so the result is in no cache. */
let width = 0;
const uncached = () => `?width=${++width}`;

type Headers = Record<string, string>;
const get = (to: string, headers: Headers = {}, method = 'GET') => fetch(to, { method, headers });
const tagOf = async (query: string) => String((await get(url + query)).headers.get('etag'));

before(async () => {
  const response = await fetch(`${service.http}/images`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/png' },
    body: image,
  });
  assert.equal(response.status, 201);
});

async function failed(response: Response, condition: string): Promise<void> {
  assert.equal(response.status, 412);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const { code, parameter, detail } = (await response.json()) as Record<string, unknown>;
  assert.deepEqual([code, parameter], ['invalid_request', condition]);
  assert.match(String(detail), /^Expected .*current ETag for If-[\w-]+ but received "/);
}

for (const [what, query] of [
  ['an original', ''],
  ['a result', '?width=200'],
  ['a result whose format follows Accept', '?width=200&format=auto'],
] as const) {
  test(`If-Match matches the ETag of ${what} by strong comparison`, async () => {
    const tag = await tagOf(query);
    for (const value of [tag, '*', ' * ', `"other", ${tag}`, `W/"a,b" ,${tag}`]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await get(url + query, { 'If-Match': value }, method);
        assert.equal(response.status, 200, `${method} ${value}`);
        assert.equal(response.headers.get('etag'), tag);
      }
    }
    for (const value of ['"other"', `W/${tag}`, `"other", W/${tag}`, tag.slice(1, -1), tag.slice(0, -2), '""']) {
      await failed(await get(url + query, { 'If-Match': value }), 'If-Match');
      const head = await get(url + query, { 'If-Match': value }, 'HEAD');
      assert.deepEqual([head.status, await head.text()], [412, ''], value);
    }
  });
}

test('If-Match works for a result not made yet', async () => {
  for (const suffix of ['', '&format=webp', '&format=auto']) {
    for (const method of ['GET', 'HEAD']) {
      assert.equal((await get(`${url}${uncached()}${suffix}`, { 'If-Match': '"other"' }, method)).status, 412);
      assert.equal((await get(`${url}${uncached()}${suffix}`, { 'If-Match': '*' }, method)).status, 200);
    }
  }
});

test('several If-Match headers form one list', async () => {
  const headers: [string, string][] = [
    ['If-Match', '"other"'],
    ['If-Match', `"${id}"`],
  ];
  assert.equal((await fetch(url, { headers })).status, 200);
});

test('evaluates If-Match before If-None-Match, and both before Range', async () => {
  const [tag, other] = [`"${id}"`, '"other"'];
  const range = 'bytes=0-9';
  const answers: [headers: Headers, status: number][] = [
    [{ 'If-Match': other, 'If-None-Match': tag }, 412],
    [{ 'If-Match': other, 'If-None-Match': '*' }, 412],
    [{ 'If-Match': tag, 'If-None-Match': tag }, 304],
    [{ 'If-Match': tag, 'If-None-Match': other }, 200],
    [{ 'If-Match': tag, Range: range }, 206],
    [{ 'If-Match': '*', 'If-Range': tag, Range: range }, 206],
    [{ 'If-Match': '*', 'If-Range': other, Range: range }, 200],
    [{ 'If-Match': other, Range: range }, 412],
    [{ 'If-Match': other, 'If-Range': tag, Range: range }, 412],
    [{ 'If-Match': other, Range: 'bytes=999999-' }, 412],
    [{ 'If-Match': tag, Range: 'bytes=999999-' }, 416],
  ];
  for (const [headers, status] of answers)
    assert.equal((await get(url, headers)).status, status, JSON.stringify(headers));
  for (const query of [uncached(), `${uncached()}&format=auto`]) {
    assert.equal((await get(url + query, { 'If-Match': other, 'If-None-Match': '*' })).status, 412, query);
  }
});

test('ignores conditions with a date, as images have no modification date', async () => {
  for (const date of ['Thu, 01 Jan 1970 00:00:00 GMT', new Date(Date.now() + 86_400_000).toUTCString(), 'no date']) {
    for (const name of ['If-Unmodified-Since', 'If-Modified-Since']) {
      const response = await get(url, { [name]: date });
      assert.deepEqual([response.status, response.headers.get('last-modified')], [200, null], `${name}: ${date}`);
      assert.equal((await get(url, { [name]: date, 'If-Match': '"other"' })).status, 412);
      assert.equal((await get(url, { [name]: date, 'If-None-Match': '*' })).status, 304);
    }
  }
});

test('conditions do not replace other errors', async () => {
  for (const value of ['*', '"other"', `"${'f'.repeat(64)}"`]) {
    for (const name of ['If-Match', 'If-None-Match']) {
      for (const query of ['', '?width=9', '?width=9&format=auto']) {
        for (const method of ['GET', 'HEAD'])
          assert.equal((await get(missing + query, { [name]: value }, method)).status, 404);
      }
      assert.equal((await get(missing, { [name]: value }, 'DELETE')).status, 404);
      assert.equal((await get(`${url}?width=0`, { [name]: value })).status, 400);
    }
  }
});

test('conditions do not turn a failure into a success', async () => {
  const mark = await plain(8, 8, red).webp().toBuffer();
  const markUrl = `${service.http}/images`;
  const headers = { 'Content-Type': 'image/webp' };
  assert.equal((await fetch(markUrl, { method: 'POST', headers, body: mark })).status, 201);
  const markId = createHash('sha256').update(mark).digest('hex');
  const query = `?width=50&watermark=${markId}`;
  const tag = await tagOf(query);
  assert.equal((await get(url + query, { 'If-None-Match': tag })).status, 304);
  assert.equal((await get(`${markUrl}/${markId}`, {}, 'DELETE')).status, 204);
  for (const value of [tag, '*', `W/${tag}, "other"`]) {
    for (const method of ['GET', 'HEAD']) {
      assert.equal((await get(url + query, { 'If-None-Match': value }, method)).status, 404, value);
      assert.equal((await get(`${url}?crop=500,500,9,9`, { 'If-None-Match': value }, method)).status, 400, value);
      assert.equal((await get(`${url}?crop=500,500,9,9`, { 'If-Match': tag }, method)).status, 400, value);
    }
  }
});

test('PUT stores an image only if the conditions hold', async () => {
  const other = await plain(30, 20, red).png().toBuffer();
  const otherId = createHash('sha256').update(other).digest('hex');
  const to = url.replace(id, otherId);
  const tag = `"${otherId}"`;
  const put = (headers: Headers, body = other) => fetch(to, { method: 'PUT', headers, body: new Uint8Array(body) });
  for (const value of ['*', tag, '"other"']) {
    const response = await put({ 'If-Match': value });
    const { parameter } = (await response.json()) as { parameter: string };
    assert.deepEqual([response.status, parameter], [412, 'If-Match'], value);
    assert.equal((await get(to)).status, 404, 'nothing is stored');
  }
  const noneMatch = { 'If-None-Match': '*' };
  assert.equal((await put(noneMatch, image)).status, 400, 'the bytes do not match the id');
  assert.equal((await put(noneMatch)).status, 201);

  for (const value of ['*', tag, `W/${tag}`, `"other", ${tag}`])
    await failed(await put({ 'If-None-Match': value }), 'If-None-Match');
  for (const value of ['"other"', `W/${tag}`]) await failed(await put({ 'If-Match': value }), 'If-Match');
  await failed(await put({ 'If-Match': '"other"', 'If-None-Match': '*' }), 'If-Match');
  for (const headers of [{ 'If-Match': '*' }, { 'If-Match': tag }, { 'If-None-Match': '"other"' }] as Headers[]) {
    assert.equal((await put(headers)).status, 200, JSON.stringify(headers));
  }
  assert.equal((await get(to)).status, 200);
});

test('DELETE deletes an image only if the conditions hold', async () => {
  const tag = `"${id}"`;
  for (const value of ['"other"', `W/${tag}`])
    await failed(await get(url, { 'If-Match': value }, 'DELETE'), 'If-Match');
  for (const value of ['*', tag, `W/${tag}`]) {
    await failed(await get(url, { 'If-None-Match': value }, 'DELETE'), 'If-None-Match');
  }
  assert.equal((await get(url)).status, 200);
  const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
  const headers = { 'If-Match': `"other", ${tag}`, 'If-None-Match': '"other"', 'If-Unmodified-Since': past };
  assert.equal((await get(url, headers, 'DELETE')).status, 204);
  assert.equal((await get(url)).status, 404);
});
