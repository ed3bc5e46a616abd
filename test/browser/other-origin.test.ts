import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { snippets } from '../helpers/guide.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';

/*
 * Pages of another origin: the browser examples of docs/clients.md, embedded images, and what an image must not do.
 */

const browser = await startBrowser({ after });
const picture = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo(900, 600) };

/** A third-party site with one page. */
async function startSite(t: TestContext, headers: Record<string, string> = {}) {
  let content = '';
  const site = createServer((_request, response) => {
    response.setHeaders(new Map(Object.entries({ 'Content-Type': 'text/html', ...headers })));
    response.end(`<!doctype html><link rel="icon" href="data:,">${content}`);
  }).listen(0, '127.0.0.1');
  closeWith(t, () => site.close());
  await new Promise((resolve) => site.once('listening', resolve));
  const { port } = site.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    show(html: string) {
      content = html;
    },
  };
}

test('a form from an allowed origin uploads and is redirected to the image', async (t) => {
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

test('a form from another origin is rejected with an error page', async (t) => {
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

test('fetch works from an allowed origin', async (t) => {
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

/** Stores an image, and returns its URL. */
async function store({ http }: Service, body: Buffer): Promise<string> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const response = await fetch(`${http}/images`, { method: 'POST', headers, body: new Uint8Array(body) });
  return http + response.headers.get('location');
}

const isolated = { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' };

for (const [kind, headers] of [
  ['a page', {}],
  ['a cross-origin isolated page', isolated],
] as [string, Record<string, string>][]) {
  test(`${kind} embeds images, even from its cache, but loads nothing else`, async (t) => {
    const site = await startSite(t, headers);
    const service = await startService(t);
    const image = await store(service, picture.buffer);
    site.show(`<img src="${image}"><img src="${image}?width=90"><script src="${service.http}/openapi.json"></script>`);
    // localhost and 127.0.0.1 are different sites.
    const { page, errors } = await openPage(t, browser, site.origin.replace('127.0.0.1', 'localhost'));
    const widths = () => page.evaluate(() => [...document.images].map(({ naturalWidth }) => naturalWidth));
    assert.equal(await page.evaluate(() => crossOriginIsolated), headers === isolated);
    assert.deepEqual(await widths(), [900, 90]);
    assert.equal(errors.length, 1);
    assert.match(String(errors[0]), /ERR_BLOCKED_BY_(RESPONSE|ORB)/);

    // Revalidation: the 304 leaves the stored headers unchanged.
    await page.route(`${image}**`, (route) => route.continue({ headers: { 'cache-control': 'max-age=0' } }));
    await page.reload();
    assert.deepEqual(await widths(), [900, 90]);
  });
}

test('an SVG opened directly renders styles and embedded images, and runs no script', async (t) => {
  const service = await startService(t);
  const red = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" onload="document.title = 'ran'">
    <style>rect { fill: #00f }</style><rect width="100" height="100"/>
    <image x="100" width="100" height="100" preserveAspectRatio="none" href="data:image/png;base64,${red.toString('base64')}"/>
    <script>document.documentElement.setAttribute('data-ran', 'yes'); fetch('/images')</script></svg>`;
  const { page, errors } = await openPage(t, browser, await store(service, Buffer.from(svg)));
  const shown = await page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 100 } });
  const { data, info } = await sharp(shown).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colourAt = (x: number) => [...data.subarray((50 * info.width + x) * 3).subarray(0, 3)];
  assert.deepEqual(
    [colourAt(50), colourAt(150)],
    [
      [0, 0, 255],
      [255, 0, 0],
    ],
  );
  assert.equal(await page.locator('svg').getAttribute('data-ran'), null);
  assert.match(errors.join(), /Blocked script execution/);
});
