import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { dropFiles, dropText, openPage, startBrowser } from '../helpers/browser.ts';
import { plain } from '../helpers/images.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * Pasting and dropping with real browser events: files go to the drop zone, text to fields, and nothing elsewhere.
 */

const browser = await startBrowser({ after });
const service = await startService({ after });
const folder = await temporaryFolder({ after }, 'dropped');
const permissions = ['clipboard-read', 'clipboard-write'];

const stored = await photo(600, 400);
const storedId = createHash('sha256').update(stored).digest('hex');
const headers = { 'Content-Type': 'application/octet-stream' };
await fetch(`${service.http}/images`, { method: 'POST', headers, body: new Uint8Array(stored) });

/** Opens a view and records its uploads. */
async function open(t: TestContext, view: 'home' | 'editor') {
  const hash = view === 'home' ? '' : `#${storedId}`;
  const { page, errors } = await openPage(t, browser, `${service.http}/${hash}`, { permissions });
  const uploads: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') uploads.push(request.url());
  });
  await page
    .locator(view === 'home' ? '#gallery img' : '#result:not([hidden])')
    .first()
    .waitFor();
  return { page, errors, uploads };
}

/** Puts data of these types on the clipboard: text as is, images in base64. */
async function copy(page: Page, data: Record<string, string>) {
  await page.evaluate(async (entries) => {
    const blobs: Record<string, Blob> = {};
    for (const [type, value] of entries) {
      const binary = type.startsWith('text/') ? value : atob(value);
      blobs[type] = new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))], { type });
    }
    await navigator.clipboard.write([new ClipboardItem(blobs)]);
  }, Object.entries(data));
}

/** Pastes files like a file manager, which the clipboard API cannot. */
async function pasteFiles(page: Page, target: string, files: { name: string; type: string; base64: string }[]) {
  await page.evaluate(
    ([selector, all]) => {
      const clipboardData = new DataTransfer();
      for (const { name, type, base64 } of all) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        clipboardData.items.add(new File([bytes], name, { type }));
      }
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector(selector)?.dispatchEvent(event);
    },
    [target, files] as const,
  );
}

const screenshot = async (shade: number) => (await plain(30, 20, [shade, 80, 160]).png().toBuffer()).toString('base64');

async function fileOnDisk(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Waits for the effects of an event. */
const settled = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))));

test('uploads a screenshot pasted on the home view, and scrolls to its line', async (t) => {
  const { page, errors } = await open(t, 'home');
  await page.evaluate(() => {
    document.body.style.paddingTop = '3000px';
    scrollTo(0, 0);
  });
  await copy(page, { 'image/png': await screenshot(10) });
  await page.keyboard.press('Control+V');
  const line = page.locator('#uploads li.done');
  await line.waitFor();
  assert.equal(await page.locator('#uploads .status').textContent(), 'Stored');
  const { top, height } = await line.evaluate((item) => ({
    top: item.getBoundingClientRect().top,
    height: innerHeight,
  }));
  assert.ok(top >= 0 && top < height, `at ${top} of ${height}`);
  assert.deepEqual(errors, []);
});

test('does not upload a screenshot pasted in the editor, on the page or into a field', async (t) => {
  const { page, uploads } = await open(t, 'editor');
  await copy(page, { 'image/png': await screenshot(20) });
  await page.keyboard.press('Control+V');
  await page.focus('#parameter-width');
  await page.keyboard.press('Control+V');
  await page.focus('#snippet');
  await page.keyboard.press('Control+V');
  await pasteFiles(page, '#controls', [{ name: 'a.png', type: 'image/png', base64: await screenshot(21) }]);
  await settled(page);
  assert.deepEqual(uploads, []);
  assert.equal(await page.locator('#uploads li').count(), 0);
});

test('pastes text into a field, and does not upload it on the home view', async (t) => {
  const editor = await open(t, 'editor');
  await copy(editor.page, { 'text/plain': '320' });
  await editor.page.focus('#parameter-width');
  await editor.page.keyboard.press('Control+V');
  assert.equal(await editor.page.inputValue('#parameter-width'), '320');

  const { page, uploads } = await open(t, 'home');
  await page.keyboard.press('Control+V');
  await settled(page);
  assert.deepEqual(uploads, []);
});

test('does not upload a picture copied with its text, as by a spreadsheet', async (t) => {
  const { page, uploads } = await open(t, 'home');
  const picture = await screenshot(30);
  await copy(page, { 'text/plain': 'a\tb', 'text/html': '<b>a b</b>', 'image/png': picture });
  await page.keyboard.press('Control+V');
  await settled(page);
  assert.deepEqual(uploads, []);
  assert.equal(await page.locator('#uploads li').count(), 0);

  // An image copied from a web page comes with HTML only.
  await copy(page, { 'text/html': '<img src="a.png">', 'image/png': picture });
  await page.keyboard.press('Control+V');
  await page.locator('#uploads li.done').waitFor();
  assert.equal(uploads.length, 1);
});

test('uploads the images among pasted files, and rejects other files without sending them', async (t) => {
  const { page, uploads } = await open(t, 'home');
  await pasteFiles(page, 'body', [
    { name: 'one.png', type: 'image/png', base64: await screenshot(40) },
    { name: 'letter.pdf', type: 'application/pdf', base64: btoa('%PDF-1.7') },
    { name: 'two.png', type: 'image/png', base64: await screenshot(41) },
  ]);
  await page.waitForFunction(() => document.querySelectorAll('#uploads .done, #uploads .failed').length === 3);
  assert.deepEqual(await page.locator('#uploads .status').allTextContents(), [
    'Stored',
    'Expected an image but received application/pdf',
    'Stored',
  ]);
  assert.equal(uploads.length, 2);
});

test('uploads files dropped on the zone, and rejects a folder with the reason', async (t) => {
  const { page } = await open(t, 'home');
  const files = [
    await fileOnDisk('one.jpg', await photo(60, 40)),
    await fileOnDisk('two.jpg', await photo(40, 60)),
    folder,
  ];
  await dropFiles(page, '#upload', files);
  await page.waitForFunction(() => document.querySelectorAll('#uploads .done, #uploads .failed').length === 3);
  assert.deepEqual(await page.locator('#uploads .status').allTextContents(), [
    'Stored',
    'Stored',
    'Cannot read the file: it is a folder, or was changed or moved',
  ]);
  assert.equal(await page.locator('.over').count(), 0);
});

for (const [view, target] of [
  ['home', 'header'],
  ['home', '#gallery'],
  ['editor', '#original'],
  ['editor', '#parameter-width'],
  ['editor', '#snippet'],
] as const) {
  test(`does not upload or open a file dropped on ${target} of the ${view} view`, async (t) => {
    const { page, uploads } = await open(t, view);
    const before = page.url();
    const values = () =>
      page.locator('input, textarea').evaluateAll((all) => all.map((one) => 'value' in one && one.value));
    const valuesBefore = await values();
    const { effect } = await dropFiles(page, target, [await fileOnDisk('stray.jpg', await photo(50, 50))]);
    await settled(page);
    assert.equal(effect, 'none');
    assert.equal(page.url(), before);
    assert.deepEqual(uploads, []);
    assert.deepEqual(await values(), valuesBefore);
  });
}

test('inserts text dropped on a field', async (t) => {
  const { page, uploads } = await open(t, 'editor');
  const { prevented } = await dropText(page, '#parameter-width', '320');
  assert.equal(prevented, false);
  assert.equal(await page.inputValue('#parameter-width'), '320');
  assert.deepEqual(uploads, []);
});

test('does not upload an image dragged from the gallery onto the zone, which browsers drag as a file', async (t) => {
  const { page, uploads } = await open(t, 'home');
  const effects = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['pixels'], 'thumbnail.webp', { type: 'image/webp' }));
    const image = document.querySelector('#gallery img');
    const zone = document.querySelector('#upload h1');
    const common = { dataTransfer, bubbles: true, cancelable: true };
    image?.dispatchEvent(new DragEvent('dragstart', common));
    return ['dragover', 'drop'].map((type) => zone?.dispatchEvent(new DragEvent(type, common)));
  });
  assert.deepEqual(effects, [true, true], 'left to the browser');
  await settled(page);
  assert.deepEqual(uploads, []);
  assert.equal(await page.locator('#uploads li, .over').count(), 0);
});
