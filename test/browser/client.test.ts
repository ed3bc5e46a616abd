import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { startService } from '../helpers/service.ts';

const service = await startService({ after });
const browser = await startBrowser({ after });
const built = new URL('../../dist/', import.meta.url);

test('runs in a browser without a bundler, and reports the progress of an upload', async (t) => {
  const { page, errors } = await openPage(t, browser, service.http);
  await page.route('**/client/*.js', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ contentType: 'text/javascript', body: await readFile(new URL(`.${pathname}`, built)) });
  });
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
