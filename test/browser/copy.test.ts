import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { startBrowser } from '../helpers/browser.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { openEditor, settled } from './editor-page.ts';

/*
 * The page at /: code to copy from the editor.
 */

const run = promisify(execFile);
const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');
const open = (t: TestContext, query = '') => openEditor(t, browser, service, picture, query);

test('what is copied works: URL, curl, srcset and pyzmq', async (t) => {
  const { page, errors } = await open(t, '?width=200&format=webp&enlarge=false');
  const cwd = await temporaryFolder(t, 'copied');
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
