import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, type TestContext, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { host, startNginx } from '../helpers/nginx.ts';
import { photo } from '../helpers/photo.ts';
import { freePort } from '../helpers/ports.ts';
import { startService } from '../helpers/service.ts';
import { settled } from './editor-page.ts';

/*
 * The page and Swagger UI under a path of a real nginx, configured as in docs/deployment.md.
 */

const browser = await startBrowser({ after }, [`--host-resolver-rules=MAP ${host} 127.0.0.1`]);
const picture = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo(900, 600) };
const id = createHash('sha256').update(picture.buffer).digest('hex');

const ways: [name: string, tls: boolean, stripsPath: boolean, env: (url: string) => Record<string, string>][] = [
  ['https', true, true, (url) => ({ IMGWIRE_PUBLIC_URL: url })],
  // Not a secure context, so the browser sends no Sec-Fetch-Site.
  ['http', false, true, (url) => ({ IMGWIRE_PUBLIC_URL: url })],
  ['a path passed on', false, false, () => ({ IMGWIRE_PUBLIC_URL: '/media', IMGWIRE_ALLOWED_HOSTS: host })],
];

for (const [name, tls, stripsPath, env] of ways) {
  const port = await freePort();
  const base = `${tls ? 'https' : 'http'}://${host}:${port}/media`;
  const service = await startService({ after }, { env: env(base) });
  await startNginx({ after }, { port, upstream: service.http, tls, stripsPath });

  /** Opens a page; `assertInside` checks that everything was loaded from below the path. */
  const open = async (t: TestContext, path: string, options: BrowserContextOptions = {}) => {
    const opened = await openPage(t, browser, base + path, { ignoreHTTPSErrors: true, ...options });
    const assertInside = async () => {
      const loaded = await opened.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
      for (const url of loaded) assert.ok(url.startsWith(`${base}/`) || /^(data|blob):/.test(url), url);
      assert.deepEqual(opened.errors, []);
    };
    return { ...opened, assertInside };
  };

  test(`${name}: the page uploads, shows, edits and deletes`, async (t) => {
    const { page, assertInside } = await open(t, '/');
    await page.setInputFiles('#file', picture);
    await page.locator('#uploads a').click();
    await settled(page);
    assert.equal(page.url(), `${base}/#${id}`);
    await page.waitForFunction(() => (document.querySelector('#original') as HTMLImageElement).naturalWidth === 900);

    await page.fill('#parameter-width', '300');
    await page.waitForFunction(() => /^jpeg · 300 × /.test(document.querySelector('#result-facts')?.textContent ?? ''));
    const url = `${base}/images/${id}?width=300`;
    assert.equal(await page.locator('#snippet').inputValue(), url);
    assert.equal(await page.locator('#download').evaluate((link: HTMLAnchorElement) => link.href.split('&')[0]), url);
    await page.check('[name=kind][value=srcset]');
    const sources = [...(await page.locator('#snippet').inputValue()).matchAll(/https?:\S+?(?=[" ])/g)].map(String);
    assert.equal(sources.length, 4);
    for (const source of sources) assert.ok(source.startsWith(`${base}/images/${id}?`), source);

    await page.click('#delete');
    await page.click('#delete-confirm');
    await page.locator('#empty').waitFor();
    assert.equal((await fetch(`${service.http}/images/${id}`)).status, 404);
    await assertInside();
  });

  for (const path of ['/docs', '/docs/']) {
    test(`${name}: Swagger UI at ${path} calls the service under its public URL`, async (t) => {
      const { page, assertInside } = await open(t, path);
      const operation = page.locator('#operations-service-getHealth');
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('.try-out__btn').click();
      await operation.locator('.execute').click();
      const response = operation.locator('.live-responses-table .response');
      assert.equal(await operation.locator('.request-url pre').textContent(), `${base}/health`);
      assert.match(String(await response.locator('.response-col_status').textContent()), /^200/);
      assert.match(String(await response.locator('.response-col_description').textContent()), /"status":\s*"ok"/);
      await assertInside();
    });
  }

  test(`${name}: without scripts, the form leads to the image, and an error page back to the form`, async (t) => {
    const { page } = await open(t, '/', { javaScriptEnabled: false });
    await page.setInputFiles('#file', picture);
    await page.click('#send');
    await page.waitForURL(`${base}/images/${id}`);
    assert.equal(await page.locator('img').getAttribute('src'), page.url());

    await page.goto(`${base}/`);
    await page.setInputFiles('#file', { ...picture, buffer: Buffer.from('Dear reader') });
    const styled = page.waitForResponse(`${base}/assets/style.css`);
    await page.click('#send');
    await page.waitForURL(`${base}/images`);
    assert.match(String((await styled).status()), /^(200|304)$/);
    await page.click('main a');
    await page.waitForURL(`${base}/`);
  });
}
