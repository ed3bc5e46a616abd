import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { command } from '../helpers/command.ts';
import { closeWith } from '../helpers/owner.ts';
import { runOrThrow } from '../helpers/run.ts';

test('verify shows a progress bar on a terminal, and removes it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'imgwire-terminal-'));
  closeWith(t, () => rmSync(folder, { recursive: true }));
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  mkdirSync(join(folder, 'images/e3/b0'), { recursive: true });
  writeFileSync(join(folder, 'images/e3/b0', empty), '');
  const env = { ...process.env, IMGWIRE_DATA_DIR: folder };
  const { stdout } = await runOrThrow('script', ['-qec', `${process.execPath} ${command} verify`, '/dev/null'], {
    env,
  });
  // The fraction of all hashes that precede this one.
  const bar = `${'█'.repeat(27)}${'░'.repeat(3)} 88 %  1 images, 0.0 MB, 0 damaged`;
  assert.equal(stdout, `\r\x1b[2K${bar}\r\x1b[2K1 images, 0.0 MB, 0 damaged\r\n`);
});
