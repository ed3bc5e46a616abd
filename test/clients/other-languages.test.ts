import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';

const run = promisify(execFile);
const built = await temporaryFolder({ after }, 'clients');

interface Client {
  name: string;
  folder: string;
  /** Compiles the program; the first run downloads libraries. */
  build: string[];
  /** Arguments: the endpoint, a photo, and the path for the resized image. */
  commandLine(...args: string[]): string[];
  /** Which socket reaches the service after its restart. */
  afterRestart: 'same socket' | 'new socket';
}

const clients: Client[] = [
  {
    name: 'JeroMQ (Java)',
    folder: 'jeromq',
    build: ['mvn', '-q', '-B', 'compile'],
    commandLine: (...args) => ['mvn', '-q', '-B', 'exec:java', `-Dexec.args=${args.join(' ')}`],
    afterRestart: 'same socket',
  },
  {
    name: 'go-zeromq (Go)',
    folder: 'go',
    build: ['go', 'build', '-o', join(built, 'go-zeromq'), './go-zeromq'],
    commandLine: (...args) => [join(built, 'go-zeromq'), ...args],
    afterRestart: 'new socket',
  },
  {
    name: 'pebbe/zmq4 (Go, libzmq)',
    folder: 'go',
    build: ['go', 'build', '-o', join(built, 'pebbe'), './pebbe'],
    commandLine: (...args) => [join(built, 'pebbe'), ...args],
    afterRestart: 'same socket',
  },
  {
    name: 'zmq (Rust, libzmq)',
    folder: 'rust',
    build: ['cargo', 'build', '--quiet', '--locked'],
    commandLine: (...args) => ['target/debug/zmq', ...args],
    afterRestart: 'same socket',
  },
  {
    name: 'zeromq (Rust)',
    folder: 'rust',
    build: ['cargo', 'build', '--quiet', '--locked'],
    commandLine: (...args) => ['target/debug/zeromq', ...args],
    afterRestart: 'new socket',
  },
  {
    name: 'CZMQ (C, libzmq)',
    folder: 'czmq',
    build: [
      'bash',
      '-c',
      `gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror lifecycle.c -o ${join(built, 'czmq')} \
$(pkg-config --cflags --libs libczmq libzmq jansson)`,
    ],
    commandLine: (...args) => [join(built, 'czmq'), ...args],
    afterRestart: 'same socket',
  },
];

for (const { name, folder, build, commandLine, afterRestart } of clients) {
  const cwd = fileURLToPath(new URL(folder, import.meta.url));

  test(`${name}: completes the life cycle of an image, and survives a restart of the service`, async (t) => {
    const [compiler = '', ...options] = build;
    await run(compiler, options, { cwd, timeout: 500_000 }).catch((error) => {
      throw new Error(`${build.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
    });
    const service = await startService(t);
    const original = await photo(1200, 900);
    const path = join(service.dataDir, 'photo.jpg');
    const output = join(service.dataDir, 'resized.webp');
    await writeFile(path, original);

    const program = startProgram(t, commandLine(service.zmq, path, output), cwd);
    assert.equal(await program.nextLine(), 'done');
    assert.deepEqual(await readFile(output), await resizedByHttp(service, original));

    await service.stop();
    await startService(t, { dataDir: service.dataDir, env: { IMGWIRE_ZMQ_ENDPOINT: service.zmq } });
    program.child.stdin.end('restarted\n');
    assert.equal(await program.nextLine(), afterRestart);
    assert.equal(await program.exitCode, 0);
  });
}

async function resizedByHttp(service: Service, original: Buffer): Promise<Buffer> {
  const body = new FormData();
  body.set('image', new Blob([new Uint8Array(original)]));
  const response = await fetch(`${service.http}/resize?width=300&format=webp`, { method: 'POST', body });
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

function startProgram(t: TestContext, [command = '', ...args]: string[], cwd: string) {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  closeWith(t, () => child.kill('SIGKILL'));
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** Maven resets the colour of its output even when told to use none. */
  const nextLine = async () => stripVTControlCharacters((await lines.next()).value ?? '').trim();
  return { child, exitCode, nextLine };
}
