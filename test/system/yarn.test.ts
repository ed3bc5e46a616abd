import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { svg } from '../helpers/images.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { runOrThrow } from '../helpers/run.ts';
import { startService } from '../helpers/service.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
const scratch = await temporaryFolder({ after }, 'yarn');
await runOrThrow('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch], { cwd: repository });
const tarball = join(scratch, `imgwire-${version}.tgz`);
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline'];
await runOrThrow('npm', ['install', ...quiet, '--prefix', scratch, '@yarnpkg/cli-dist@4.9.2']);
// Yarn 4 ignores npm's setting.
const npmRegistryServer = (await runOrThrow('npm', ['config', 'get', 'registry'])).stdout.trim();
const yarn = [process.execPath, join(scratch, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')] as const;

// Yarn 4 passes every command to node. With Plug'n'Play, packages stay in archives that only a hook of Node.js can read.
for (const linker of ['node-modules', 'pnp']) {
  test(`runs as a package that Yarn 4 has installed with the linker ${linker}`, async (t) => {
    const cwd = join(scratch, linker);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'app', private: true }));
    writeFileSync(join(cwd, 'yarn.lock'), '');
    const settings = { nodeLinker: linker, enableScripts: false, enableTelemetry: false, npmRegistryServer };
    writeFileSync(join(cwd, '.yarnrc.yml'), JSON.stringify({ ...settings, globalFolder: join(scratch, 'cache') }));
    const [node, cli] = yarn;
    await runOrThrow(node, [cli, 'add', `imgwire@file:${tarball}`], { cwd });
    const service = await startService(t, { executable: [...yarn, '--cwd', cwd, 'run', 'imgwire'] });
    const headers = { 'content-type': 'image/svg+xml' };
    const body = new Uint8Array(svg);
    const resized = await fetch(`${service.http}/resize?width=32&format=png`, { method: 'POST', headers, body });
    assert.equal(resized.status, 200, await resized.clone().text());
    assert.equal((await fetch(`${service.http}/`)).status, 200);
    await service.stop();
    await service.waitForLog(({ msg }) => msg === 'stopped');
  });
}
