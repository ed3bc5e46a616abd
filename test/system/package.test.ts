import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { runOrThrow } from '../helpers/run.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
const scratch = await temporaryFolder({ after }, 'package');

const emptyFolder = (name: string) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
};

/** A copy as in a clean clone, without tests: packing must build everything. */
function cleanCopy(): string {
  const copy = join(scratch, 'clone');
  const excluded = new Set(['node_modules', 'dist', '.git', 'test', 'clients', 'data', 'coverage']);
  cpSync(repository, copy, { recursive: true, filter: (path) => !excluded.has(relative(repository, path)) });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

await runOrThrow('npm', ['pack', '--pack-destination', scratch], { cwd: cleanCopy() });
const tarball = join(scratch, `imgwire-${version}.tgz`);
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline', '--ignore-scripts'];
const app = emptyFolder('app');
const installed = await runOrThrow('npm', ['install', ...quiet, '--prefix', app, tarball], { cwd: app });
const command = join(app, 'node_modules/.bin/imgwire');

test('the package has what its users need, without sources and tests', async () => {
  const { stdout } = await runOrThrow('tar', ['-tzf', tarball]);
  const names = stdout.trim().split('\n');
  const folders = new Set(names.map((name) => name.split('/').slice(1, -1)[0]));
  assert.deepEqual([...folders].sort(), ['bin', 'dist', 'docs', 'openapi', undefined].sort());
  for (const file of ['README.md', 'LICENSE', 'openapi/openapi.json', 'openapi/asyncapi.json', 'dist/web/index.html']) {
    assert.ok(names.includes(`package/${file}`), file);
  }
  assert.deepEqual(
    names.filter((name) => /\btest\b|tsconfig|(?<!\.d)\.ts$/.test(name)),
    [],
  );
});

test('npm prints no warnings', () => {
  assert.doesNotMatch(installed.stdout + installed.stderr, /warn/i);
});

test('the installed command serves its page, its documents and both doors', async (t) => {
  assert.equal((await runOrThrow(command, ['--version'])).stdout, `${version}\n`);
  const service = await startService(t, { executable: [command] });
  const page = await fetch(`${service.http}/`);
  assert.equal(page.status, 200);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="([^":]+\.(?:js|css|svg))"/g)].map(([, path]) => path as string);
  assert.ok(assets.length >= 3, html);
  for (const path of [...assets, '/docs/static/swagger-ui.css', '/openapi.json', '/asyncapi.json']) {
    const response = await fetch(new URL(path, `${service.http}/`));
    assert.equal(response.status, 200, path);
    assert.ok((await response.arrayBuffer()).byteLength > 100, path);
  }

  const image = new Uint8Array(await photo(320, 240));
  const headers = { 'content-type': 'image/jpeg' };
  const http = await fetch(`${service.http}/resize?width=32&format=webp`, { method: 'POST', headers, body: image });
  const { format, width } = await sharp(await http.arrayBuffer()).metadata();
  assert.deepEqual([format, width], ['webp', 32]);
  const request = { operation: 'resize', width: 48, format: 'png', transfer_encoding: 'binary' };
  const zmq = await connectZmq(t, service.zmq).call(request, Buffer.from(image));
  assert.equal((await sharp(zmq.image).metadata()).width, 48);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
});

test('the packaged client has types and runs', async (t) => {
  const program = `
    import { type UploadedImage, createClient } from 'imgwire/client';
    const client = createClient({ baseUrl: process.argv[2] ?? '' });
    const image: UploadedImage = await client.upload(new Uint8Array(Buffer.from(process.argv[3] ?? '', 'base64')));
    // @ts-expect-error
    client.url(image.image_id, { width: 'wide' });
    const small = await client.get(image.image_id, { width: 40, format: 'png' });
    console.log(image.width, small.length > 0);
  `;
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    typeRoots: [join(repository, 'node_modules/@types')],
    outDir: 'out',
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
  writeFileSync(join(app, 'program.mts'), program);
  await runOrThrow(join(repository, 'node_modules/.bin/tsc'), ['-p', app]);
  const service = await startService(t, { executable: [command] });
  const image = (await photo(320, 240)).toString('base64');
  const { stdout } = await runOrThrow('node', [join(app, 'out/program.mjs'), service.http, image]);
  assert.equal(stdout, '320 true\n');
});

test('npm install -g and npx install the same command', async () => {
  const prefix = emptyFolder('global');
  await runOrThrow('npm', ['install', '--global', ...quiet, '--prefix', prefix, tarball]);
  assert.deepEqual(readdirSync(join(prefix, 'bin')), ['imgwire']);
  assert.equal((await runOrThrow(join(prefix, 'bin/imgwire'), ['--version'])).stdout, `${version}\n`);

  const cwd = emptyFolder('npx');
  const { stdout } = await runOrThrow('npx', ['--yes', ...quiet, '--package', tarball, 'imgwire', '--version'], {
    cwd,
  });
  assert.equal(stdout, `${version}\n`);
});
