import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { closeWith } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { run } from '../helpers/run.ts';
import { startService } from '../helpers/service.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(repository, 'docs/operations.md'), 'utf8');

/** Runs a code block of docs/operations.md as printed. */
async function runGuideBlock(block: string, IMGWIRE_DATA_DIR: string, BACKUP: string) {
  const [, text] = new RegExp(`\`\`\`sh ${block}\n([^]*?)\`\`\``).exec(guide) as RegExpExecArray;
  const env = { ...process.env, PATH: `${join(repository, 'bin')}:${process.env.PATH}`, IMGWIRE_DATA_DIR, BACKUP };
  return run('bash', ['-ec', text as string], { env });
}

const picture = await photo(64, 48);
const imageOf = () => new Uint8Array(Buffer.concat([picture, randomBytes(2000)]));
const idOf = (image: Uint8Array) => createHash('sha256').update(image).digest('hex');

async function put(http: string, image: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  const { status } = await fetch(`${http}/images/${idOf(image)}`, { method: 'PUT', body: image, headers });
  assert.equal(status, 201);
}

interface Listed {
  image_id: string;
  created_at: string;
}

/** Newest images first; within a millisecond by id, as a rebuilt index orders them. */
async function newest(http: string): Promise<Listed[]> {
  const { images } = (await (await fetch(`${http}/images?order=newest&limit=1000`)).json()) as { images: Listed[] };
  for (const [index, image] of images.entries()) assert.ok(index === 0 || !isNewer(image, images[index - 1] as Listed));
  return images.sort((one, other) => {
    if (one.created_at === other.created_at) return one.image_id < other.image_id ? -1 : 1;
    return isNewer(one, other) ? -1 : 1;
  });
}

const isNewer = (one: Listed, other: Listed) => Date.parse(one.created_at) > Date.parse(other.created_at);

test('a backup taken during uploads can be restored on a new node and repairs damage', async (t) => {
  const backup = mkdtempSync(join(tmpdir(), 'imgwire-backup-'));
  closeWith(t, () => rmSync(backup, { recursive: true }));
  const service = await startService(t);
  const images = Array.from({ length: 100 }, imageOf);
  for (const image of images) await put(service.http, image);
  let isBackingUp = true;
  const later = (async () => {
    while (isBackingUp) await put(service.http, imageOf());
  })();
  for (let time = 0; time < 3; time += 1) {
    const { code, stderr } = await runGuideBlock('backup', service.dataDir, backup);
    assert.equal(code, 0, stderr);
  }
  isBackingUp = false;
  await later;
  await runGuideBlock('backup', service.dataDir, backup);

  const fresh = await startService(t);
  await fresh.stop();
  const restored = await runGuideBlock('restore', fresh.dataDir, backup);
  assert.match(restored.stdout, /^\d{3,} images, [\d.]+ MB, 0 damaged\n$/);
  const node = await startService(t, { dataDir: fresh.dataDir });
  const expected = await newest(service.http);
  // Its index is rebuilt in the background.
  while ((await newest(node.http)).length < expected.length) await delay(50);
  assert.deepEqual(await newest(node.http), expected);
  const id = idOf(images[0] as Uint8Array);
  const bytes = new Uint8Array(await (await fetch(`${node.http}/images/${id}`)).arrayBuffer());
  assert.deepEqual(bytes, images[0]);

  const path = join(fresh.dataDir, 'images', id.slice(0, 2), id.slice(2, 4), id);
  writeFileSync(path, bytes.subarray(0, 1000));
  assert.equal((await runGuideBlock('restore', fresh.dataDir, fresh.dataDir)).code, 1);
  assert.equal((await runGuideBlock('repair', fresh.dataDir, backup)).code, 0);
  assert.deepEqual(new Uint8Array(readFileSync(path)), images[0]);
});
