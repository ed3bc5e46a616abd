import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { snippets } from '../helpers/guide.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The examples of docs/clients.md for browsers, on a page of another origin.
 */

const browser = await startBrowser({ after });
const picture = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo(900, 600) };

/** A site of somebody else, with one page. */
async function startSite(t: TestContext) {
  let content = '';
  const site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html><link rel="icon" href="data:,">${content}`);
  }).listen(0, '127.0.0.1');
  t.after(() => site.close());
  await new Promise((resolve) => site.once('listening', resolve));
  const { port } = site.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    show(html: string) {
      content = html;
    },
  };
}

test('a form of an allowed origin uploads and is sent on to the image', async (t) => {
  const site = await startSite(t);
  const service = await startService(t, { env: { IMGWIRE_CORS_ORIGINS: site.origin } });
  site.show(String(await snippets('html', service)));
  const { page, errors } = await openPage(t, browser, site.origin);
  await page.setInputFiles('input', picture);
  await page.click('button');
  await page.waitForURL(/\/images\/[0-9a-f]{64}$/);
  assert.ok(page.url().startsWith(service.http));
  assert.deepEqual(errors, []);
});

test('a form of another origin is refused with a page that says so', async (t) => {
  const site = await startSite(t);
  const service = await startService(t);
  site.show(String(await snippets('html', service)));
  const { page } = await openPage(t, browser, site.origin);
  await page.setInputFiles('input', picture);
  await page.click('button');
  await page.waitForURL(`${service.http}/images`);
  assert.equal(await page.locator('h1').textContent(), 'Forbidden');
  const { images } = (await (await fetch(`${service.http}/images`)).json()) as { images: unknown[] };
  assert.deepEqual(images, []);
});

test('fetch from an allowed origin', async (t) => {
  const site = await startSite(t);
  const service = await startService(t, { env: { IMGWIRE_CORS_ORIGINS: site.origin } });
  const [code, ...more] = await snippets('js', service);
  assert.deepEqual(more, []);
  site.show(`<input type="file"><script type="module">${code}</script>`);
  const { page, errors } = await openPage(t, browser, site.origin);
  await page.setInputFiles('input', picture);
  await page.waitForFunction(() => document.images[0]?.naturalWidth === 720);
  assert.deepEqual(errors, []);
});
