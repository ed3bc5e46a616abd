import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { holdRequests, openPage, startBrowser } from '../helpers/browser.ts';
import { plain } from '../helpers/images.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The page at /: uploading and the gallery.
 */

const browser = await startBrowser({ after });
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/jpeg', buffer });

async function upload(http: string, image: Buffer): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const response = await fetch(`${http}/images`, { method: 'POST', headers, body: new Uint8Array(image) });
  assert.equal(response.status, 201);
}

test('uploads several files at once, each with its progress or error', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_MAX_UPLOAD_BYTES: '300000' } });
  const { page, errors } = await openPage(t, browser, service.http);
  const release = await holdRequests(page, '**/images');
  await page.setInputFiles('#file', [
    file('one.jpg', await photo(300, 200)),
    file('two.jpg', await photo(200, 300)),
    file('letter.jpg', Buffer.from('Dear reader')),
    file('one again.jpg', await photo(300, 200)),
    file('large.jpg', Buffer.alloc(300_001)),
  ]);
  const lines = page.locator('#uploads li');
  await lines.nth(4).waitFor();
  assert.equal(await lines.locator('progress').count(), 5);
  release();
  await page.waitForFunction(() => !document.querySelector('#uploads progress'));
  const statuses = await lines.locator('.status').allTextContents();
  // Either of the two identical files may arrive first.
  assert.deepEqual([statuses[0], statuses[3]].toSorted(), ['Already stored', 'Stored']);
  assert.equal(statuses[1], 'Stored');
  assert.match(String(statuses[2]), /^Expected an image in one of jpeg, png/);
  assert.equal(statuses[4], 'Too large (limit 300 kB)');
  assert.equal(await page.locator('#gallery li').count(), 2);
  assert.deepEqual(
    errors.filter((error) => !error.includes('415')),
    [],
  );
});

for (const late of ['app.js', 'upload.js', 'settings.json']) {
  test(`uploads files chosen before ${late} has loaded`, async (t) => {
    const service = await startService(t);
    const { page, errors } = await openPage(t, browser, 'about:blank');
    const release = await holdRequests(page, `**/assets/${late}`);
    await page.goto(service.http, { waitUntil: 'commit' });
    await page.setInputFiles('#file', [file('early.jpg', await photo(60, 40))]);
    assert.equal(await page.locator('#uploads li').count(), 0);
    release();
    await page.locator('#uploads .done').waitFor();
    assert.equal(await page.locator('#uploads .name').textContent(), 'early.jpg');
    assert.equal(await page.locator('#gallery li').count(), 1);
    assert.equal(await page.locator('#file').inputValue(), '');
    assert.deepEqual(errors, []);
  });
}

test('uploads a dropped file', async (t) => {
  const service = await startService(t);
  const { page, errors } = await openPage(t, browser, service.http);
  await page.locator('#stored').waitFor();
  const bytes = [...(await photo(60, 40))];
  await page.evaluate((content) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(content)], 'dropped.jpg', { type: 'image/jpeg' }));
    const drop = document.querySelector('#upload');
    drop?.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
    drop?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, bytes);
  await page.locator('#uploads .done').waitFor();
  assert.equal(await page.locator('#uploads .name').textContent(), 'dropped.jpg');
  assert.deepEqual(errors, []);
});

test('the gallery pages through stored images, with thumbnails from the service', async (t) => {
  const service = await startService(t);
  for (let shade = 0; shade < 30; shade += 1) {
    await upload(
      service.http,
      await plain(40, 30, [shade * 8, 90, 160])
        .png()
        .toBuffer(),
    );
  }
  const { page, errors } = await openPage(t, browser, service.http);
  const cards = page.locator('#gallery li');
  await page.locator('#more').waitFor();
  assert.equal(await cards.count(), 24);
  await page.locator('#more').click();
  await page.locator('#more').waitFor({ state: 'hidden' });
  assert.equal(await cards.count(), 30);
  assert.ok(
    await cards
      .nth(24)
      .locator('a')
      .evaluate((link) => link === document.activeElement),
  );
  const links = await cards.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.equal(new Set(links).size, 30);
  await cards.nth(29).scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () => document.querySelector<HTMLImageElement>('#gallery li:last-child img')?.naturalWidth === 400,
  );
  assert.deepEqual(errors, []);
});

test('the newest image comes first, even after a reload and with Show more', async (t) => {
  const service = await startService(t);
  const { page, errors } = await openPage(t, browser, service.http);
  await page.locator('#empty').waitFor();
  const hrefs = () =>
    page.locator('#gallery a').evaluateAll((all) => all.map((link) => link.getAttribute('href')?.slice(1)));
  const newestFirst: string[] = [];
  for (let shade = 0; shade < 26; shade += 1) {
    const image = await plain(40, 30, [shade * 9, 20, 90])
      .png()
      .toBuffer();
    newestFirst.unshift(createHash('sha256').update(image).digest('hex'));
    if (shade < 24) await upload(service.http, image);
    else {
      await page.setInputFiles('#file', { name: `${shade}.png`, mimeType: 'image/png', buffer: image });
      await page.locator(`#gallery a[href="#${newestFirst[0]}"]`).waitFor();
    }
  }
  assert.notDeepEqual(newestFirst, newestFirst.toSorted(), 'the order of hashes');
  await page.reload();
  await page.locator('#more').waitFor();
  assert.deepEqual(await hrefs(), newestFirst.slice(0, 24));

  const oldest = await plain(40, 30, [0, 20, 90]).png().toBuffer();
  await page.setInputFiles('#file', { name: 'again.png', mimeType: 'image/png', buffer: oldest });
  await page.locator('#uploads .status', { hasText: 'Already stored' }).waitFor();
  assert.deepEqual(await hrefs(), newestFirst.slice(0, 24), 'an image already stored keeps its place');
  await page.locator('#more').click();
  await page.locator('#more').waitFor({ state: 'hidden' });
  assert.deepEqual(await hrefs(), newestFirst);
  assert.deepEqual(errors, []);
});

test('without JavaScript, the form uploads and shows the image, or the error', async (t) => {
  const service = await startService(t);
  const { page } = await openPage(t, browser, service.http, { javaScriptEnabled: false });
  await page.setInputFiles('#file', file('one.jpg', await photo(300, 200)));
  await page.click('#send');
  await page.waitForURL(/\/images\/[0-9a-f]{64}$/);
  assert.equal(await page.locator('img').count(), 1);
  await page.goto(service.http);
  assert.equal(await page.locator('h1:visible').textContent(), 'Upload an image');
  await page.setInputFiles('#file', file('letter.jpg', Buffer.from('Dear reader')));
  await page.click('#send');
  assert.equal(await page.locator('h1').textContent(), 'Unsupported format');
  assert.match(String(await page.locator('main').textContent()), /Expected an image in one of jpeg/);
});
