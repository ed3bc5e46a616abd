import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The page on a bad connection: every operation ends with a message, whatever the answer.
 */

const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');
const headers = { 'Content-Type': 'application/octet-stream' };
await fetch(`${service.http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });

/** A server that breaks off every answer in the middle of its body. */
const cutter = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': '1000' });
    response.write('{"image_id":', () => response.destroy());
  });
}).listen(0, '127.0.0.1');
after(() => cutter.close());
await new Promise((resolve) => cutter.once('listening', resolve));
const { port } = cutter.address() as AddressInfo;

const html = '<html><body>Please log in</body></html>';
const noConnection = /^The connection to the server failed$/;

interface Failure {
  answer: (route: Route) => Promise<void>;
  /** Message if JSON was expected. */
  json: RegExp;
  /** Message if an image was expected. */
  image: RegExp;
  /** Message if status 204 was expected. */
  empty: RegExp;
}

const failures: Record<string, Failure> = {
  'HTML from a proxy with status 200': {
    answer: (route) => route.fulfill({ contentType: 'text/html', body: html }),
    json: /^Expected JSON with \w+ from the server but received "<html><body>Please log in/,
    image: /^Expected an image from the server but received text\/html$/,
    empty: /^Expected status 204 from the server but received 200$/,
  },
  'HTML from a proxy with status 502': {
    answer: (route) => route.fulfill({ status: 502, contentType: 'text/html', body: html }),
    json: /^The server responded with status 502$/,
    image: /^The server responded with status 502$/,
    empty: /^The server responded with status 502$/,
  },
  'an empty body': {
    answer: (route) => route.fulfill({ contentType: 'application/json', body: '' }),
    json: /^Expected JSON with \w+ from the server but received nothing$/,
    image: /^Expected an image from the server but received nothing$/,
    empty: /^Expected status 204 from the server but received 200$/,
  },
  'unexpected JSON': {
    answer: (route) => route.fulfill({ contentType: 'application/json', body: 'null' }),
    json: /^Expected JSON with \w+ from the server but received "null"$/,
    image: /^Expected an image from the server but received application\/json$/,
    empty: /^Expected status 204 from the server but received 200$/,
  },
  'a JSON error without a detail': {
    answer: (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{"oops":1}' }),
    json: /^The server responded with status 500$/,
    image: /^The server responded with status 500$/,
    empty: /^The server responded with status 500$/,
  },
  'a truncated body': {
    answer: (route) => route.continue({ url: `http://127.0.0.1:${port}/` }),
    json: noConnection,
    image: noConnection,
    empty: noConnection,
  },
  'a reset connection': {
    answer: (route) => route.abort('connectionreset'),
    json: noConnection,
    image: noConnection,
    empty: noConnection,
  },
  'an aborted request': {
    answer: (route) => route.abort('aborted'),
    json: noConnection,
    image: noConnection,
    empty: noConnection,
  },
};

/** Opens the page, with this answer to matching requests. */
async function open(
  t: TestContext,
  { answer }: Failure,
  matches: (method: string, path: string) => boolean,
  hash = '',
) {
  const context = await browser.newContext();
  closeWith(t, () => context.close());
  const page = await context.newPage();
  const failed: string[] = [];
  page.on('pageerror', ({ message }) => failed.push(message));
  await page.route('**/*', (route) => {
    const { pathname, search } = new URL(route.request().url());
    return matches(route.request().method(), pathname + search) ? answer(route) : route.continue();
  });
  await page.goto(`${service.http}/${hash}`);
  return { page, failed };
}

async function messageIn(page: Page, selector: string): Promise<string> {
  const message = page.locator(selector);
  await message.waitFor({ state: 'visible' });
  return String(await message.textContent());
}

for (const [name, failure] of Object.entries(failures)) {
  test(`upload: ${name}`, async (t) => {
    const { page, failed } = await open(t, failure, (method) => method === 'POST');
    await page.locator('#gallery img').first().waitFor();
    await page.setInputFiles('#file', { name: 'one.jpg', mimeType: 'image/jpeg', buffer: picture });
    assert.match(await messageIn(page, '#uploads .failed .status'), failure.json);
    assert.equal(await page.locator('#uploads progress').count(), 0);
    assert.deepEqual(failed, []);
  });

  test(`list: ${name}, then a retry`, async (t) => {
    let broken = true;
    const { page, failed } = await open(t, failure, (_, path) => broken && path.startsWith('/images?'));
    assert.match(await messageIn(page, '#gallery-error'), failure.json);
    assert.ok(await page.locator('#empty').isHidden(), 'it is unknown whether images are stored');
    broken = false;
    await page.locator('#more', { hasText: 'Try again' }).click();
    await page.locator('#gallery img').first().waitFor();
    assert.ok(await page.locator('#gallery-error').isHidden());
    assert.deepEqual(failed, []);
  });

  test(`info: ${name}, and a later result keeps the message`, async (t) => {
    const { page, failed } = await open(t, failure, (_, path) => path.endsWith('/info'), `#${id}`);
    assert.match(await messageIn(page, '#original-error'), failure.json);
    await page.fill('#parameter-width', '100');
    await page.locator('#result-facts', { hasText: '100 × 67' }).waitFor();
    assert.match(await messageIn(page, '#original-error'), failure.json);
    assert.deepEqual(failed, []);
  });

  test(`preview: ${name}, then a success`, async (t) => {
    const matches = (_: string, path: string) => path === `/images/${id}?width=100`;
    const { page, failed } = await open(t, failure, matches, `#${id}?width=100`);
    assert.match(await messageIn(page, '#result-error'), failure.image);
    assert.equal(await page.locator('.busy').count(), 0);
    await page.fill('#parameter-width', '120');
    await page.locator('#result-facts', { hasText: '120 × 80' }).waitFor();
    assert.ok(await page.locator('#result-error').isHidden());
    assert.deepEqual(failed, []);
  });

  test(`delete: ${name}, and the image stays`, async (t) => {
    const { page, failed } = await open(t, failure, (method) => method === 'DELETE', `#${id}`);
    await page.locator('#result-facts', { hasText: 'jpeg' }).waitFor();
    await page.click('#delete');
    await page.locator('dialog button', { hasText: 'Delete' }).click();
    assert.match(await messageIn(page, '#delete-error'), failure.empty);
    assert.ok(await page.locator('dialog button', { hasText: 'Delete' }).isEnabled());
    assert.ok(page.url().endsWith(id));
    assert.deepEqual(failed, []);
  });

  test(`settings: ${name}`, async (t) => {
    const { page, failed } = await open(t, failure, (_, path) => path === '/assets/settings.json');
    const message = await messageIn(page, '#failed');
    assert.match(message.replace('. Reload the page to try again.', ''), failure.json);
    assert.deepEqual(failed, []);
  });
}

for (const operation of ['upload', 'list'] as const) {
  test(`${operation}: gives up after two minutes without an answer`, async (t) => {
    const context = await browser.newContext();
    closeWith(t, () => context.close());
    const page = await context.newPage();
    await page.clock.install();
    const requested = new Promise<void>((resolve) => {
      const method = operation === 'upload' ? 'POST' : 'GET';
      page.route(/\/images(\?|$)/, (route) => (route.request().method() === method ? resolve() : route.continue()));
    });
    await page.goto(service.http);
    await page.locator('#stored').waitFor();
    const file = { name: 'one.jpg', mimeType: 'image/jpeg', buffer: picture };
    if (operation === 'upload') await page.setInputFiles('#file', file);
    await requested;
    await page.clock.fastForward('02:01');
    const selector = operation === 'upload' ? '#uploads .failed .status' : '#gallery-error';
    assert.equal(await messageIn(page, selector), 'No response from the server within 120 seconds');
  });
}

test('copy: without clipboard access, selects the text and says so', async (t) => {
  const { page } = await openPage(t, browser, `${service.http}/#${id}`);
  await page.locator('#result-facts', { hasText: 'jpeg' }).waitFor();
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  await page.click('#copy');
  await page.locator('#copied', { hasText: 'Selected: copy it with the keyboard' }).waitFor();
  assert.equal(await page.evaluate(() => String(getSelection())), `${service.http}/images/${id}`);
});
