import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Owner } from './service.ts';

/** Debian's. */
const executablePath = '/usr/bin/chromium';

/** It is not to speak to anybody but the service, and may be run by root. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser with an empty profile, and ends it afterwards. */
export async function startBrowser(t: Owner): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args });
  t.after(() => browser.close());
  return browser;
}

export interface OpenPage {
  page: Page;
  /** What the browser's console showed as an error. */
  errors: string[];
}

/** Opens a page in a window of its own. */
export async function openPage(
  t: Owner,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}
