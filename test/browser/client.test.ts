import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

const service = await startService({ after });
const browser = await startBrowser({ after });
const built = new URL('../../dist/', import.meta.url);

/** Opens the page, with the built client to import from /client/index.js. */
async function openPageWithClient(t: TestContext) {
  const opened = await openPage(t, browser, service.http);
  await opened.page.route('**/client/*.js', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ contentType: 'text/javascript', body: await readFile(new URL(`.${pathname}`, built)) });
  });
  return opened;
}

test('runs in a browser without a bundler, and reports upload progress', async (t) => {
  const { page, errors } = await openPageWithClient(t);
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const image = await sharp({ create: { width: 900, height: 900, channels: 3, background: 'red', noise } })
    .png()
    .toBuffer();
  const { stored, steps, missing, src } = await page.evaluate(async (base64) => {
    const entry = '/client/index.js';
    const { createClient } = (await import(entry)) as typeof import('../../src/client/index.ts');
    const client = createClient({ baseUrl: '' });
    const steps: number[] = [];
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const stored = await client.upload(bytes, {
      onProgress(sent) {
        steps.push(sent);
      },
    });
    const missing = await client.info('0'.repeat(64)).catch((error) => error.code);
    return { stored, steps, missing, src: client.url(stored.image_id, { width: 90 }) };
  }, image.toString('base64'));
  assert.equal(stored.size, image.length);
  assert.equal(steps.at(-1), image.length);
  assert.equal(missing, 'not_found');
  assert.equal(src, `/images/${stored.image_id}?width=90`);
  assert.deepEqual(
    errors.filter((text) => !text.includes('404')),
    [],
  );
});

test('retries, times out and aborts an upload the same with and without progress', async (t) => {
  const { page } = await openPageWithClient(t);
  let posts = 0;
  await page.route('**/images', async (route) => {
    posts += 1;
    if (posts % 2 === 0) return route.continue();
    const body = JSON.stringify({ code: 'overloaded', detail: 'Not now', request_id: 'one' });
    await route.fulfill({ status: 503, contentType: 'application/problem+json', body });
  });
  await page.route('**/silent/images', () => {});
  const image = await photo(64, 48);
  for (const progress of [false, true]) {
    posts = 0;
    const results = await page.evaluate(
      async ([base64, progress]) => {
        const entry = '/client/index.js';
        const { createClient } = (await import(entry)) as typeof import('../../src/client/index.ts');
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const options = progress ? { onProgress() {} } : {};
        const silent = createClient({ baseUrl: '/silent', timeoutMs: 300, retries: 0 });
        const abandoned = new AbortController();
        const leaving = silent.upload(bytes, { ...options, signal: abandoned.signal }).catch((reason) => reason);
        abandoned.abort('left the page');
        return [
          (await createClient({ baseUrl: '' }).upload(bytes, options)).size,
          await silent.upload(bytes, options).catch(({ code, message }) => `${code}: ${message}`),
          await leaving,
          await silent.upload(bytes, { ...options, signal: AbortSignal.abort('gone') }).catch((reason) => reason),
        ];
      },
      [image.toString('base64'), progress] as const,
    );
    assert.deepEqual(results, [
      image.length,
      'unreachable: Expected a response from /silent/images but received none within 300 ms',
      'left the page',
      'gone',
    ]);
    assert.equal(posts, 2);
  }
});
