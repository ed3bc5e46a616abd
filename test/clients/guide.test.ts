import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { inlineCommands, snippets } from '../helpers/guide.ts';
import {
  assertUnreachable,
  execute,
  type Guide,
  picture,
  running,
  stopped,
  testGuide,
  testLazyPirate,
} from '../helpers/guide-tests.ts';
import { temporaryFolder } from '../helpers/owner.ts';

/*
 * Runs the examples of README.md, and of the guides that need neither a browser nor another toolchain, as printed.
 */

/** Debian's Python, which has python3-zmq. */
const python = '/usr/bin/python3';
const root = fileURLToPath(new URL('../..', import.meta.url));

async function folder(t: TestContext): Promise<string> {
  const path = await temporaryFolder(t, 'guide');
  await writeFile(join(path, 'photo.jpg'), picture);
  return path;
}

async function assertImage(path: string, expected: { format: string; width: number; height: number }): Promise<void> {
  const { format, width, height } = await sharp(await readFile(path)).metadata();
  assert.deepEqual({ format, width, height }, expected);
}

const bash = (code: string) => ['bash', '-euo', 'pipefail', '-c', code];

test('README: curl uploads a photograph, gets it as WebP, and resizes one without storing it', async (t) => {
  const [upload = '', ...more] = (await snippets('sh', running, 'README.md')).filter((code) => code.includes('curl'));
  assert.equal(more.length, 0);
  const cwd = await folder(t);
  const { stdout } = await execute(bash(upload), cwd);
  const image_id = createHash('sha256').update(picture).digest('hex');
  const { width, height, ...reply } = JSON.parse(stdout);
  assert.deepEqual([reply.status, reply.image_id, width, height], ['success', image_id, 900, 600]);
  await assertImage(join(cwd, 'small.webp'), { format: 'webp', width: 720, height: 480 });

  const [resize = '', ...others] = await inlineCommands('curl', running, 'README.md');
  assert.equal(others.length, 0);
  await execute(bash(resize), cwd);
  await assertImage(join(cwd, 'small.jpg'), { format: 'jpeg', width: 300, height: 200 });
});

test('README: pyzmq uploads a photograph and gets it as WebP', async (t) => {
  const [program = '', ...more] = await snippets('python', running, 'README.md');
  assert.equal(more.length, 0);
  const cwd = await folder(t);
  await execute([python, '-c', program], cwd);
  await assertImage(join(cwd, 'small.webp'), { format: 'webp', width: 720, height: 480 });
});

test('the curl examples work, and fail with the service stopped', async (t) => {
  const [commands = '', ...more] = await snippets('sh', running);
  assert.equal(more.length, 0);
  const cwd = await folder(t);
  await execute(bash(commands), cwd);
  await assertImage(join(cwd, 'small.webp'), { format: 'webp', width: 720, height: 480 });
  await assertImage(join(cwd, 'square.png'), { format: 'png', width: 200, height: 200 });

  let stops = 0;
  for (const command of String(await snippets('sh', stopped)).matchAll(/^curl (?:.*\\\n)*.*$/gm)) {
    await assertUnreachable(execute(bash(`image_id=0; ${command[0]}`), cwd));
    stops += 1;
  }
  assert.equal(stops, 6);
});

const pythonGuide: Guide = {
  document: 'docs/python.md',
  programs: ['python urllib', 'python imgwire', 'python asyncio', 'python req', 'python lazy-pirate', 'python dealer'],
  async prepare(code) {
    const client = `PYTHONPATH=${join(root, 'clients/python/src')}`;
    return ['env', client, 'PYTHONDONTWRITEBYTECODE=1', python, '-c', code];
  },
};
testGuide(pythonGuide);
testLazyPirate(pythonGuide, 'python lazy-pirate');

const typescriptGuide: Guide = {
  document: 'docs/typescript.md',
  programs: ['ts imgwire', 'js fetch', 'ts openapi-fetch', 'js req', 'js lazy-pirate', 'js dealer'],
  // Within the package that has the dependencies of a TypeScript client.
  parent: join(root, 'test/clients/openapi'),
  async prepare(code, cwd, info) {
    await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
    const [language, name] = info.split(' ');
    if (language === 'js') {
      await writeFile(join(cwd, 'program.js'), code);
      return [process.execPath, 'program.js'];
    }
    if (name === 'openapi-fetch') {
      // npx looks for programs next to the nearest package.json.
      await symlink('../node_modules', join(cwd, 'node_modules'));
      await execute(bash(String(await snippets('sh generate', running, 'docs/typescript.md'))), cwd);
    } else {
      await mkdir(join(cwd, 'node_modules'));
      await symlink(root, join(cwd, 'node_modules/imgwire'));
    }
    await writeFile(join(cwd, 'program.ts'), code);
    const options = '--noEmit --strict --module nodenext --target es2022 --types node --allowImportingTsExtensions';
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await execute([process.execPath, tsc, '--ignoreConfig', ...options.split(' '), 'program.ts'], cwd);
    return [process.execPath, '--import', 'tsx', 'program.ts'];
  },
};
testGuide(typescriptGuide);
testLazyPirate(typescriptGuide, 'js lazy-pirate');
