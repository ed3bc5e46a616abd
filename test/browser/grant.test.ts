import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { grantOf, signatureOf } from '../helpers/signing.ts';

const browser = await startBrowser({ after });
const picture = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo(900, 600) };
const signingKey = 'a-signing-key-of-the-tests-0123456789abc';
const grant = (fields: object = {}) =>
  grantOf(signingKey, { expires: Math.floor(Date.now() / 1000) + 60, nonce: `${Math.random()}`, ...fields });

test('a page of another origin uploads with a grant and shows the image by signed URL, without a key', async (t) => {
  let content = '';
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><link rel="icon" href="data:,">${content}`);
  }).listen(0, '127.0.0.1');
  closeWith(t, () => site.close());
  await new Promise((resolve) => site.once('listening', resolve));
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const service = await startService(t, {
    env: {
      IMGWIRE_API_KEYS: `backend:read+write:${'0'.repeat(64)}`,
      IMGWIRE_SIGNING_KEYS: signingKey,
      IMGWIRE_CORS_ORIGINS: origin,
    },
  });

  content = `<input type="file"><output></output><script type="module">
    const grants = ${JSON.stringify([grant(), grant({ max_bytes: 1000 }), ''])};
    document.querySelector('input').addEventListener('change', async ({ target }) => {
      const answers = [];
      for (const grant of grants) {
        const body = new FormData();
        body.set('image', target.files[0]);
        const response = await fetch('${service.http}/images?grant=' + grant, { method: 'POST', body });
        const reply = await response.json();
        answers.push(response.ok ? reply.image_id : reply.code);
      }
      document.querySelector('output').textContent = answers.join(' ');
    });
  </script>`;
  const { page } = await openPage(t, browser, origin);
  await page.setInputFiles('input', picture);
  await page.waitForFunction(() => document.querySelector('output')?.textContent);
  const answers = String(await page.locator('output').textContent()).split(' ');
  assert.match(answers[0] ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(answers.slice(1), ['too_large', 'forbidden']);

  const path = `/images/${answers[0]}`;
  const signature = signatureOf(signingKey, path, { width: '72' });
  content = `<img src="${service.http}${path}?width=72&signature=${signature}"><img src="${service.http}${path}?width=72">`;
  await page.reload();
  await page.waitForLoadState('load');
  assert.deepEqual(await page.evaluate(() => [...document.images].map(({ naturalWidth }) => naturalWidth)), [72, 0]);

  content = `<form method="post" action="${service.http}/images?grant=${grant()}" enctype="multipart/form-data">
    <input type="file" name="image"><button>Upload</button></form>`;
  await page.reload();
  await page.setInputFiles('input', picture);
  const uploaded = page.waitForResponse((response) => response.url().includes('grant='));
  await page.click('button');
  assert.equal((await uploaded).status(), 303);
});

test('the page works with the key as the password', async (t) => {
  const key = 'iw_key-of-this-test';
  const hash = createHash('sha256').update(key).digest('hex');
  const service = await startService(t, { env: { IMGWIRE_API_KEYS: `owner:read+write+admin:${hash}` } });
  const context = await browser.newContext({ httpCredentials: { username: 'owner', password: key } });
  closeWith(t, () => context.close());
  const page = await context.newPage();
  await page.goto(service.http);
  await page.setInputFiles('input[type=file]', picture);
  await page.waitForFunction(() => [...document.images].some(({ naturalWidth }) => naturalWidth > 0));
});
