import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { holdRequests, startBrowser } from '../helpers/browser.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { openEditor, settled } from './editor-page.ts';

/*
 * The page at /: the editor.
 */

const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');

const open = (t: TestContext, query = '') => openEditor(t, browser, service, picture, query);
const queryOf = (page: Page) => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? ''));

test('shows original and result side by side with their dimensions', async (t) => {
  const { page, errors } = await open(t, '?w=300&format=png');
  assert.match(await settled(page), /^png · 300 × 200 · [\d.]+ kB · \d+ ms$/);
  await page.waitForFunction(() => document.querySelector('#original-facts')?.textContent !== '');
  assert.match(String(await page.locator('#original-facts').textContent()), /^jpeg · 600 × 400 · [\d.]+ kB$/);
  assert.equal(await page.inputValue('#parameter-width'), '300');
  assert.deepEqual(errors, []);
});

test('each kind of control changes the result and the address at once', async (t) => {
  const { page, errors } = await open(t);
  await page.fill('#parameter-width', '120');
  await page.fill('#parameter-height', '120');
  assert.match(await settled(page), /120 × 120/);
  await page.selectOption('#parameter-fit', 'inside');
  assert.match(await settled(page), /120 × 80/);
  await page.fill('#parameter-width', '1200');
  await page.fill('#parameter-height', '');
  await page.uncheck('#parameter-enlarge');
  assert.match(await settled(page), /600 × 400/);
  await page.selectOption('#parameter-fit', 'contain');
  await page.locator('summary', { hasText: 'Crop, turn and pad' }).click();
  const [typed, picked] = [page.locator('#parameter-background'), page.locator('#parameter-background + input')];
  await picked.fill('#ff8800');
  assert.equal(await typed.inputValue(), '#ff8800');
  await typed.fill('rebeccapurple');
  const slider = page.locator('#parameter-quality + input');
  await slider.focus();
  const before = Number(await slider.inputValue());
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.inputValue('#parameter-quality'), String(before - 1));
  await settled(page);
  assert.deepEqual(queryOf(page), {
    width: '1200',
    fit: 'contain',
    enlarge: 'false',
    background: 'rebeccapurple',
    quality: String(before - 1),
  });
  await page.locator('button', { hasText: 'Reset' }).click();
  assert.match(await settled(page), /^jpeg · 600 × 400/);
  assert.deepEqual(queryOf(page), {});
  assert.deepEqual(errors, []);
});

test('every parameter has a control, and an invalid value shows its error', async (t) => {
  const { page } = await open(t);
  const { parameters } = (await (await fetch(`${service.http}/assets/settings.json`)).json()) as {
    parameters: { name: string; description: string }[];
  };
  for (const { name, description } of parameters) {
    const control = page.locator(`#parameter-${name}`);
    assert.equal(await page.locator(`label[for=parameter-${name}]`).textContent(), name);
    const hint = await control.getAttribute('aria-describedby');
    assert.equal(await page.locator(`#${hint}`).textContent(), description);
  }
  await page.fill('#parameter-width', '9000');
  await settled(page);
  assert.match(
    String(await page.locator('#result-error').textContent()),
    /Expected an integer from 1 to 8192 for width/,
  );
});

test('the trim threshold is enabled only with trim', async (t) => {
  const { page, errors } = await open(t, '?trim=1&trim_threshold=20');
  const threshold = page.locator('#parameter-trim_threshold');
  const trim = page.locator('#parameter-trim');
  assert.equal(await trim.isChecked(), true);
  assert.equal(await threshold.inputValue(), '20');
  await trim.uncheck();
  await settled(page);
  assert.deepEqual(queryOf(page), {});
  assert.equal(await threshold.isDisabled(), true);
  assert.equal(await page.locator('#parameter-trim_threshold + input').isDisabled(), true);
  // The preset may enable trim.
  await page.locator('summary', { hasText: 'More' }).click();
  await page.fill('#parameter-preset', 'logo');
  assert.equal(await threshold.isDisabled(), false);
  await page.fill('#parameter-preset', '');
  await settled(page);
  await trim.check();
  await threshold.fill('30');
  await settled(page);
  assert.deepEqual(queryOf(page), { trim: 'true', trim_threshold: '30' });
  assert.ok(await page.locator('#result-error').isHidden());
  assert.deepEqual(
    errors.filter((error) => !error.includes('400')),
    [],
  );
});

test('the background picker shows a colour in any notation, initially white', async (t) => {
  const { page } = await open(t);
  await page.locator('summary', { hasText: 'Crop, turn and pad' }).click();
  const [typed, picked] = [page.locator('#parameter-background'), page.locator('#parameter-background + input')];
  assert.equal(await picked.inputValue(), '#ffffff');
  for (const [text, shown] of [
    ['ff8800', '#ff8800'],
    ['#f80', '#ff8800'],
    ['rebeccapurple', '#663399'],
    ['rgb(1, 2, 3)', '#010203'],
    ['', '#ffffff'],
  ] as const) {
    await typed.fill(text);
    assert.equal(await picked.inputValue(), shown, text);
  }
});

test('a checkerboard appears only behind the transparent parts of an image', async (t) => {
  const { page } = await open(t, '?width=100&height=400&fit=contain&background=transparent&format=png');
  await settled(page);
  const backgrounds = (selector: string) =>
    page.locator(selector).evaluate((found) => getComputedStyle(found).backgroundImage);
  assert.match(await backgrounds('#result'), /conic-gradient/);
  assert.equal(await backgrounds('#result-frame'), 'none');
  const box = await page.locator('#result').boundingBox();
  assert.ok(box && Math.abs(box.width / box.height - 1 / 4) < 0.01, JSON.stringify(box));
});

test('deletes an image after confirmation, by keyboard alone', async (t) => {
  const { page, errors } = await open(t);
  await page.locator('#delete').focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cancel');
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal((await fetch(`${service.http}/images/${id}`, { method: 'HEAD' })).status, 200);

  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#home').waitFor();
  assert.equal((await fetch(`${service.http}/images/${id}`, { method: 'HEAD' })).status, 404);
  assert.equal(await page.locator(`#gallery a[href="#${id}"]`).count(), 0);
  assert.deepEqual(errors, []);
});

test('opening another image clears the messages of the previous one', async (t) => {
  const { page } = await open(t, '?width=9000');
  assert.ok(await page.locator('#result-error').isVisible());
  await page.click('#delete');
  const release = await holdRequests(page, /height=/);
  await page.evaluate((other) => {
    location.hash = `${other}?height=50`;
  }, 'a'.repeat(64));
  await page.locator('#editor-title', { hasText: 'Image aaaaaaaa' }).waitFor();
  assert.ok(await page.locator('#result-error').isHidden());
  assert.equal(await page.locator('dialog[open]').count(), 0);
  release();
  await page.locator('#result-error', { hasText: 'a'.repeat(64) }).waitFor();
});
