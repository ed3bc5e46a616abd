import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command } from '../helpers/command.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

test('starts with its output in a pipe where each package is a symbolic link, as pnpm installs them', async (t) => {
  const folder = await temporaryFolder(t, 'pnpm');
  for (const name of ['dist', 'openapi', 'package.json']) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    symlinkSync(join(repository, 'node_modules', name), join(packages, name));
  }
  await startService(t, { command: join(folder, 'dist', basename(command)) });
});
