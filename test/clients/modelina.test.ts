import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The classes that AsyncAPI's Modelina generates for the messages, in several languages.
 */

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const own = (path: string) => fileURLToPath(new URL(`modelina/${path}`, import.meta.url));
const folder = await temporaryFolder({ after }, 'modelina');
const inFolder = (path: string) => ({ cwd: join(folder, path), timeout: 300_000, maxBuffer: 2 ** 24 });

await writeFile(join(folder, 'package.json'), '{ "private": true }');
await run('npm', ['install', '--silent', '--ignore-scripts', '@asyncapi/modelina@5.10.1'], inFolder('.'));
await run(process.execPath, [own('generate.mjs'), join(root, 'openapi/asyncapi.json'), folder], inFolder('.'));

test('generates a named class for every message and enum', async () => {
  const names = (await readdir(join(folder, 'typescript'))).map((name) => name.replace('.ts', ''));
  for (const name of ['UploadRequest', 'UploadReply', 'ResizeRequest', 'Transformation', 'Fit', 'ErrorCode']) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(
    names.filter((name) => /anonymous/i.test(name)),
    [],
  );
});

test('Python: the models upload and resize', async (t) => {
  const service = await startService(t);
  const image = join(folder, 'photo.jpg');
  await writeFile(image, await photo(900, 600));
  await run('/usr/bin/python3', ['-m', 'venv', '--system-site-packages', 'venv'], inFolder('python'));
  await run('venv/bin/pip', ['--quiet', 'install', 'pydantic==2.12.5'], inFolder('python'));
  await cp(own('program.py'), join(folder, 'python/program.py'));
  const { stdout } = await run('venv/bin/python', ['program.py', service.zmq, image], inFolder('python'));
  assert.equal(stdout, '900 300 webp\n');
});

test('Go: the models compile', async () => {
  await writeFile(join(folder, 'go/go.mod'), 'module imgwire\n\ngo 1.26\n');
  await run('go', ['vet', './...'], inFolder('go'));
});

test('TypeScript: the models compile', async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const files = await readdir(join(folder, 'typescript'));
  const options = '--ignoreConfig --noEmit --strict --module nodenext --target es2022';
  await run(process.execPath, [tsc, ...options.split(' '), ...files], inFolder('typescript'));
});

test('Java: the models compile', async () => {
  await cp(own('pom.xml'), join(folder, 'java/pom.xml'));
  await run('mvn', ['-q', '-B', 'compile'], inFolder('java'));
});
