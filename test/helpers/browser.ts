import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { closeWith, type Owner } from './owner.ts';

/** Where Debian installs it. */
const executablePath = '/usr/bin/chromium';

/** No background traffic, and usable as root. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser with an empty profile, and closes it after the test. */
export async function startBrowser(t: Owner, more: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: [...args, ...more] });
  closeWith(t, () => browser.close());
  return browser;
}

export interface OpenPage {
  page: Page;
  /** Errors on the browser's console. */
  errors: string[];
}

/** Opens a page in its own browser context. */
export async function openPage(
  t: Owner,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  closeWith(t, () => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

/**
 * Holds back a page's requests to matching URLs.
 * @returns lets them through
 */
export async function holdRequests(page: Page, url: string | RegExp): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

interface DragItem {
  mimeType: string;
  data: string;
}

/** The drop effect shown over the target, and whether the page prevented the browser's default. */
export interface Drop {
  effect: string;
  prevented: boolean;
}

/** Drops files from disk on an element, as from a file manager. */
export function dropFiles(page: Page, selector: string, files: string[]): Promise<Drop> {
  return drop(page, selector, [], files);
}

/** Drops text on an element, as from another program. */
export function dropText(page: Page, selector: string, text: string): Promise<Drop> {
  return drop(page, selector, [{ mimeType: 'text/plain', data: text }], []);
}

async function drop(page: Page, selector: string, items: DragItem[], files: string[]): Promise<Drop> {
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new Error(`Expected ${selector} to be visible`);
  const seen = page.evaluateHandle(() => {
    const drop = { effect: '', prevented: false };
    addEventListener('dragover', (event) => {
      drop.prevented = event.defaultPrevented;
      drop.effect = event.dataTransfer?.dropEffect ?? '';
    });
    return drop;
  });
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 20) };
  const data = { items, files, dragOperationsMask: 1 };
  await seen;
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
  return (await seen).jsonValue();
}
