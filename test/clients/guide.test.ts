import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { Router } from 'zeromq';
import { inlineCommands, snippets } from '../helpers/guide.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

/*
 * The examples of README.md and of docs/clients.md that need no browser, as they stand there.
 */

const run = promisify(execFile);
/** Debian's, which has python3-zmq, whatever other Python there is. */
const python = '/usr/bin/python3';
const root = fileURLToPath(new URL('../..', import.meta.url));
const service = await startService({ after });
const picture = await photo(900, 600);

/** A folder with a photograph, in the package that has what a client in TypeScript installs. */
async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(root, 'test/clients/openapi/guide-'));
  t.after(() => rm(path, { recursive: true }));
  await writeFile(join(path, 'photo.jpg'), picture);
  return path;
}

async function only(language: string): Promise<string> {
  const [first, ...more] = await snippets(language, service);
  assert.ok(first !== undefined && more.length === 0, language);
  return first;
}

const widthOf = async (path: string) => (await sharp(await readFile(path)).metadata()).width;

async function assertImage(path: string, expected: { format: string; width: number; height: number }): Promise<void> {
  const { format, width, height } = await sharp(await readFile(path)).metadata();
  assert.deepEqual({ format, width, height }, expected);
}

test('README: curl stores a photograph, gets it as WebP, and resizes one without storing it', async (t) => {
  const [upload = '', ...more] = (await snippets('sh', service, 'README.md')).filter((code) => code.includes('curl'));
  assert.equal(more.length, 0);
  const cwd = await folder(t);
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', upload], { cwd, timeout: 60_000 });
  const image_id = createHash('sha256').update(picture).digest('hex');
  const { width, height, ...reply } = JSON.parse(stdout);
  assert.deepEqual([reply.status, reply.image_id, width, height], ['success', image_id, 900, 600]);
  await assertImage(join(cwd, 'small.webp'), { format: 'webp', width: 720, height: 480 });

  const [resize = '', ...others] = await inlineCommands('curl', service, 'README.md');
  assert.equal(others.length, 0);
  await run('bash', ['-euo', 'pipefail', '-c', resize], { cwd, timeout: 60_000 });
  await assertImage(join(cwd, 'small.jpg'), { format: 'jpeg', width: 300, height: 200 });
});

test('README: pyzmq stores a photograph, and gets it as WebP', async (t) => {
  const [program = '', ...more] = await snippets('python', service, 'README.md');
  assert.equal(more.length, 0);
  const cwd = await folder(t);
  await run(python, ['-c', program], { cwd, timeout: 60_000 });
  await assertImage(join(cwd, 'small.webp'), { format: 'webp', width: 720, height: 480 });
});

test('curl', async (t) => {
  const cwd = await folder(t);
  await run('bash', ['-euo', 'pipefail', '-c', await only('sh')], { cwd, timeout: 60_000 });
  assert.equal(await widthOf(join(cwd, 'small.webp')), 720);
  assert.equal(await widthOf(join(cwd, 'square.png')), 200);
});

test('TypeScript: the types are made, the program fits them and runs', async (t) => {
  const cwd = await folder(t);
  // npx looks for programs beside the nearest package.json.
  await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
  await symlink('../node_modules', join(cwd, 'node_modules'));
  await run('bash', ['-euc', await only('sh generate')], { cwd, timeout: 60_000 });
  const program = join(cwd, 'program.ts');
  await writeFile(program, await only('ts'));
  const options = '--noEmit --strict --module nodenext --target es2022 --types node --allowImportingTsExtensions';
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '--ignoreConfig', ...options.split(' '), program], { cwd, timeout: 60_000 });
  await run(process.execPath, ['--import', 'tsx', program], { cwd, timeout: 60_000 });
  assert.equal(await widthOf(join(cwd, 'small.webp')), 720);
});

test('pyzmq: one request at a time, and many in flight', async (t) => {
  const programs = await snippets('python', service);
  assert.equal(programs.length, 2);
  for (const program of programs) {
    const cwd = await folder(t);
    await run(python, ['-c', program], { cwd, timeout: 60_000 });
    const [name, width] = program.includes('DEALER') ? ['640.jpg', 640] : ['small.webp', 720];
    assert.equal(await widthOf(join(cwd, name)), width);
  }
});

test('pyzmq: a request without a reply is sent again from a new socket', async (t) => {
  const door = new Router({ linger: 0, receiveTimeout: 30_000 });
  t.after(() => door.close());
  await door.bind('tcp://127.0.0.1:*');
  const zmq = String(door.lastEndpoint);
  const [loop = ''] = await snippets('python', { http: service.http, zmq });
  const cwd = await folder(t);
  const impatient = loop.replace('wait_ms=15_000', 'wait_ms=300');
  assert.notEqual(impatient, loop);
  const ended = run(python, ['-c', impatient], { cwd, timeout: 60_000 });

  const [lost] = await door.receive();
  const success = JSON.stringify({ status: 'success', width: 1, height: 1 });
  const [again, delimiter, request] = await door.receive();
  assert.notDeepEqual(again, lost);
  assert.equal(JSON.parse(String(request)).operation, 'upload');
  await door.send([again as Buffer, delimiter as Buffer, success]);
  const [third] = await door.receive();
  assert.deepEqual(third, again);
  await door.send([third as Buffer, '', success, 'the image']);
  assert.equal((await ended).stdout, '1 1\n');
});
