import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The page at /: the editor.
 */

const run = promisify(execFile);
const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');

async function open(t: TestContext, query = '') {
  const headers = { 'Content-Type': 'application/octet-stream' };
  await fetch(`${service.http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });
  const permissions = ['clipboard-read', 'clipboard-write'];
  const opened = await openPage(t, browser, `${service.http}/#${id}${query}`, { permissions });
  await settled(opened.page);
  return opened;
}

/** Waits for the result of the parameters as they are, or for what is wrong with them. */
async function settled(page: Page): Promise<string> {
  await page.waitForFunction(() => !document.querySelector('#result-frame.busy'));
  return String(await page.locator('#result-facts').textContent());
}

const queryOf = (page: Page) => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? ''));

test('original and result stand side by side with what they measure', async (t) => {
  const { page, errors } = await open(t, '?w=300&format=png');
  assert.match(await settled(page), /^png · 300 × 200 · [\d.]+ kB · \d+ ms$/);
  await page.waitForFunction(() => document.querySelector('#original-facts')?.textContent !== '');
  assert.match(String(await page.locator('#original-facts').textContent()), /^jpeg · 600 × 400 · [\d.]+ kB$/);
  assert.equal(await page.inputValue('#parameter-width'), '300');
  assert.deepEqual(errors, []);
});

test('each kind of control changes the result at once, and the address', async (t) => {
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

test('every parameter has its control, and what is wrong with a value is said', async (t) => {
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

test('the threshold of trim has an effect with trim alone', async (t) => {
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
  // A preset may trim.
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

test('the picker of background shows the colour in any notation, white at first', async (t) => {
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

test('checks lie behind the transparent parts of an image, and nowhere else', async (t) => {
  const { page } = await open(t, '?width=100&height=400&fit=contain&background=transparent&format=png');
  await settled(page);
  const backgrounds = (selector: string) =>
    page.locator(selector).evaluate((found) => getComputedStyle(found).backgroundImage);
  assert.match(await backgrounds('#result'), /conic-gradient/);
  assert.equal(await backgrounds('#result-frame'), 'none');
  const box = await page.locator('#result').boundingBox();
  assert.ok(box && Math.abs(box.width / box.height - 1 / 4) < 0.01, JSON.stringify(box));
});

test('what is copied works: URL, curl, srcset and pyzmq', async (t) => {
  const { page, errors } = await open(t, '?width=200&format=webp&enlarge=false');
  const cwd = await mkdtemp(join(tmpdir(), 'imgwire-copied-'));
  t.after(() => rm(cwd, { recursive: true }));
  const copy = async (kind: string) => {
    await page.check(`input[value=${kind}]`);
    await page.click('#copy');
    await page.locator('#copied', { hasText: 'Copied' }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const widthOf = async (image: Buffer) => (await sharp(image).metadata()).width;

  const url = await copy('url');
  assert.equal(await widthOf(Buffer.from(await (await fetch(url)).arrayBuffer())), 200);

  for (const [kind, program, flag] of [
    ['curl', 'bash', '-c'],
    ['pyzmq', '/usr/bin/python3', '-c'],
  ] as const) {
    const name = join(cwd, `${id.slice(0, 8)}.webp`);
    await run(program, [flag, await copy(kind)], { cwd, timeout: 30_000 });
    assert.equal(await widthOf(await readFile(name)), 200, kind);
    await rm(name);
  }

  const markup = await copy('srcset');
  const candidates = await page.evaluate((html) => {
    const image = new DOMParser().parseFromString(html, 'text/html').images[0];
    return [image?.width, image?.height, ...(image?.srcset.split(/,\s+/) ?? [])];
  }, markup);
  assert.deepEqual(candidates.slice(0, 2), [200, 133]);
  for (const [index, candidate] of candidates.slice(2).entries()) {
    const [address = '', density] = String(candidate).split(' ');
    assert.equal(density, `${index + 1}x`);
    assert.equal(await widthOf(Buffer.from(await (await fetch(address)).arrayBuffer())), 200 * (index + 1));
  }
  assert.equal(candidates.length, 5);
  assert.deepEqual(errors, []);
});

test('that it was copied is said until the text is another', async (t) => {
  const { page, errors } = await open(t, '?width=200&format=webp');
  const held: (() => void)[] = [];
  await page.route(/width=210/, async (route) => {
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await page.fill('#parameter-width', '210');
  await page.waitForFunction(() => document.querySelector('#result-frame.busy'));
  await page.click('#copy');
  await page.locator('#copied', { hasText: 'Copied' }).waitFor();
  while (held.length === 0) await page.waitForTimeout(10);
  for (const release of held) release();
  assert.match(await settled(page), /210 × 140/);
  assert.equal(await page.locator('#copied').textContent(), 'Copied');
  await page.check('input[value=curl]');
  assert.equal(await page.locator('#copied').textContent(), '');
  assert.deepEqual(errors, []);
});

test('an image is deleted after a question, by keyboard alone', async (t) => {
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

test('another image is opened without what was said of the one before', async (t) => {
  const { page } = await open(t, '?width=9000');
  assert.ok(await page.locator('#result-error').isVisible());
  await page.click('#delete');
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/height=/, async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate((other) => {
    location.hash = `${other}?height=50`;
  }, 'a'.repeat(64));
  await page.locator('#editor-title', { hasText: 'Image aaaaaaaa' }).waitFor();
  assert.ok(await page.locator('#result-error').isHidden());
  assert.equal(await page.locator('dialog[open]').count(), 0);
  letGo();
  await page.locator('#result-error', { hasText: 'a'.repeat(64) }).waitFor();
});
