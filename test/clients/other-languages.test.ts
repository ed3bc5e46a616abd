import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

const run = promisify(execFile);

/** Implementations of ZMTP without libzmq; their programs take an endpoint, a photo and where to put the result. */
const clients = [
  {
    folder: 'jeromq',
    needs: 'Java 17 and Maven',
    commandLine: (...args: string[]) => ['mvn', '-q', '-B', 'compile', 'exec:java', `-Dexec.args=${args.join(' ')}`],
  },
  {
    folder: 'go-zeromq',
    needs: 'Go',
    commandLine: (...args: string[]) => ['go', 'run', '.', ...args],
  },
];

for (const { folder, needs, commandLine } of clients) {
  test(`${folder}: the whole life of an image over a REQ socket`, async (t) => {
    const service = await startService(t);
    const original = await photo(1200, 900);
    const path = join(service.dataDir, 'photo.jpg');
    const output = join(service.dataDir, 'resized.webp');
    await writeFile(path, original);

    const [command = '', ...args] = commandLine(service.zmq, path, output);
    const cwd = fileURLToPath(new URL(folder, import.meta.url));
    // The first run downloads libraries and compiles them.
    const { stdout } = await run(command, args, { cwd, timeout: 240_000 }).catch((error) => {
      if (error.code === 'ENOENT') throw new Error(`${command} not found: this test needs ${needs}`, { cause: error });
      throw new Error(`${folder} failed:\n${error.stdout}${error.stderr}`, { cause: error });
    });
    // Maven resets the colour of its output even where it is told to use none.
    assert.equal(stripVTControlCharacters(stdout).trim(), 'done');

    const body = new FormData();
    body.set('image', new Blob([original]));
    const response = await fetch(`${service.http}/resize?width=300&format=webp`, { method: 'POST', body });
    assert.equal(response.status, 200);
    assert.deepEqual(await readFile(output), Buffer.from(await response.arrayBuffer()));
  });
}
