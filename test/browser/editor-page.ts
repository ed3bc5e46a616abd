import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type OpenPage, openPage } from '../helpers/browser.ts';
import type { Service } from '../helpers/service.ts';

/** Stores a picture and opens it in the editor with parameters. */
export async function openEditor(
  t: TestContext,
  browser: Browser,
  { http }: Service,
  picture: Buffer,
  query = '',
): Promise<OpenPage> {
  const id = createHash('sha256').update(picture).digest('hex');
  const headers = { 'Content-Type': 'application/octet-stream' };
  await fetch(`${http}/images`, { method: 'POST', headers, body: new Uint8Array(picture) });
  const permissions = ['clipboard-read', 'clipboard-write'];
  const opened = await openPage(t, browser, `${http}/#${id}${query}`, { permissions });
  await settled(opened.page);
  return opened;
}

/** Waits for the editor to show the result of the current parameters, or their error. */
export async function settled(page: Page): Promise<string> {
  await page.waitForFunction(
    () =>
      !document.querySelector('#result-frame.busy') &&
      [...document.querySelectorAll('#result-facts, #result-error')].some(({ textContent }) => textContent),
  );
  return String(await page.locator('#result-facts').textContent());
}
