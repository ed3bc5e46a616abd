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
 * The page at /: copying code from the editor.
 */

const run = promisify(execFile);
const browser = await startBrowser({ after });
const service = await startService({ after });
const picture = await photo(600, 400);
const id = createHash('sha256').update(picture).digest('hex');
const open = (t: TestContext, query = '') => openEditor(t, browser, service, picture, query);

test('copied code works: URL, curl, srcset and pyzmq', async (t) => {
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

for (const [name, width, height, query, widths] of [
  ['a wide photo', 6000, 400, '', [6000]],
  ['a photo above the largest width', 9000, 600, '', [8192]],
  ['a tall photo', 100, 3500, '?width=90', [90, 180]],
  ['a given height', 3500, 200, '?height=160', [2800, 5600]],
  ['a device pixel ratio', 3000, 2000, '?width=800&dpr=2', [800, 1600, 2400]],
  ['padding', 600, 400, '?pad=12,24,36,48', [672, 1344, 2016]],
  ['padding with a device pixel ratio', 600, 400, '?width=200&pad=20&dpr=2', [220, 440, 660]],
  ['an area that a small image limits', 400, 400, '?width=300&height=150&enlarge=false', [300, 400, 400]],
  ['no size, and no enlarging', 600, 400, '?enlarge=false', [600]],
] as const) {
  test(`each srcset candidate matches the image shown: ${name}`, async (t) => {
    const image = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const { page } = await openEditor(t, browser, service, image, query);
    const [, shownWidth, shownHeight] = (await settled(page)).match(/(\d+) × (\d+)/) ?? [];
    await page.check('input[value=srcset]');
    const [src, srcset = ''] = [...(await page.inputValue('#snippet')).matchAll(/src(?:set)?="([^"]+)"/g)].map(
      ([, value = '']) => value.replaceAll('&amp;', '&'),
    );
    const candidates = srcset.split(/,\s+/).map((candidate) => candidate.split(' '));
    assert.deepEqual(
      candidates.map(([, density]) => density),
      widths.map((_, index) => `${index + 1}x`),
    );
    assert.equal(candidates[0]?.[0], src);
    for (const [index, [address = '']] of candidates.entries()) {
      const response = await fetch(address);
      assert.equal(response.status, 200, response.ok ? '' : await response.text());
      const made = await sharp(await response.arrayBuffer()).metadata();
      assert.equal(made.width, widths[index], address);
      const ratio = made.width / made.height / (Number(shownWidth) / Number(shownHeight));
      assert.ok(Math.abs(ratio - 1) < 0.01, `${address}: ${made.width} x ${made.height}`);
    }
  });
}

test('shows Copied until the text changes', async (t) => {
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
