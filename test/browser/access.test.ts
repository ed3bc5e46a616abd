import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { openPage, startBrowser } from '../helpers/browser.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * Accessibility of the page at /: dark and light, on a phone, by keyboard and with a screen reader.
 */

const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');
const headers = { 'Content-Type': 'application/octet-stream' };
await fetch(`${service.http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });

/** Serious and critical violations found by axe. */
async function issues(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id: rule, nodes }) => nodes.map(({ html, failureSummary }) => `${rule}: ${html} ${failureSummary}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, viewport] of [
    ['wide', { width: 1280, height: 900 }],
    ['narrow', { width: 360, height: 740 }],
  ] as const) {
    test(`no serious axe violations, overflow or console errors: ${colorScheme}, ${screen}`, async (t) => {
      const { page, errors } = await openPage(t, browser, service.http, {
        colorScheme,
        viewport,
        reducedMotion: 'reduce',
      });
      const check = async (what: string) => {
        assert.deepEqual(await issues(page), [], what);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${what} is ${over} pixels too wide`);
      };
      await page.setInputFiles('#file', { name: 'again.jpg', mimeType: 'image/jpeg', buffer: picture });
      await page.locator('#uploads .done').waitFor();
      await check('the gallery');
      await page.locator('#gallery a').first().click();
      await page.waitForFunction(() => document.querySelector('#result-facts')?.textContent !== '');
      await page.locator('details').evaluateAll((all) => {
        for (const group of all) (group as HTMLDetailsElement).open = true;
      });
      await check('the editor');
      await page.click('#delete');
      await check('the question');
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const [red = 0] = background.match(/\d+/g)?.map(Number) ?? [];
      assert.equal(red < 128, colorScheme === 'dark', background);
      assert.deepEqual(errors, []);
    });
  }
}

test('the keyboard reaches the file input, an image, its title, and the way back', async (t) => {
  const { page } = await openPage(t, browser, service.http);
  await page.locator('#gallery a').first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
  const reached: unknown[] = [];
  for (let tabs = 0; tabs < 6; tabs += 1) {
    await page.keyboard.press('Tab');
    reached.push(await focused());
  }
  assert.equal(reached[4], 'file');
  assert.match(String(reached[5]), new RegExp(`^${id.slice(0, 8)}`));
  await page.keyboard.press('Enter');
  await page.locator('#editor').waitFor();
  assert.equal(await focused(), 'editor-title');
  await page.goBack();
  await page.locator('#home').waitFor();
});
