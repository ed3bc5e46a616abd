import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { curveKeyPair } from 'zeromq';
import { contractModule, errorsModule } from '../../clients/python/contract.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';

/** Debian's Python, which has the oldest pyzmq that the package supports. */
const python = '/usr/bin/python3';
const run = promisify(execFile);
const root = fileURLToPath(new URL('../../clients/python', import.meta.url));
const programs = fileURLToPath(new URL('python-client', import.meta.url));
const env = { ...process.env, PYTHONPATH: join(root, 'src'), PYTHONDONTWRITEBYTECODE: '1' };

async function start(t: TestContext): Promise<{ service: Service; path: string }> {
  const service = await startService(t);
  const path = join(service.dataDir, 'photo.jpg');
  await writeFile(path, await photo(1200, 900));
  return { service, path };
}

for (const [name, text] of [
  ['contract.py', contractModule()],
  ['errors.py', errorsModule()],
] as const) {
  test(`${name} matches the contract; clients/python/generate.ts updates it`, async () => {
    assert.equal(await readFile(join(root, 'src/imgwire', name), 'utf8'), text);
  });
}

test("the package's own tests pass", async () => {
  await run(python, ['-m', 'unittest', 'discover', '-s', join(root, 'tests')], { env, timeout: 120_000 });
});

for (const program of ['life_cycle.py', 'life_cycle_async.py']) {
  test(`${program} completes the life cycle of an image`, async (t) => {
    const { service, path } = await start(t);
    const { stdout } = await run(python, [join(programs, program), service.zmq, path], { env, timeout: 120_000 });
    assert.equal(stdout, 'done\n');
  });
}

for (const [signal, what] of [
  ['SIGTERM', 'restarts'],
  ['SIGKILL', 'is killed and starts again'],
] as const) {
  test(`no request fails while the service ${what}`, async (t) => {
    const { service, path } = await start(t);
    const child = spawn(python, [join(programs, 'through_restart.py'), service.zmq, path], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    closeWith(t, () => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    assert.equal((await lines.next()).value, 'running');
    await service.stop(signal);
    await startService(t, { dataDir: service.dataDir, env: { IMGWIRE_ZMQ_ENDPOINT: service.zmq } });
    child.stdin.end('restarted\n');
    assert.equal((await lines.next()).value, 'done');
    assert.deepEqual(await exited, [0, null]);
  });
}

test('connects with known CURVE keys only', async (t) => {
  const server = curveKeyPair();
  const known = curveKeyPair();
  const stranger = curveKeyPair();
  const service = await startService(t, {
    env: { IMGWIRE_CURVE_SECRET_KEY: server.secretKey, IMGWIRE_CURVE_CLIENT_KEYS: known.publicKey },
  });
  const ping = ({ publicKey, secretKey }: typeof known) => {
    const keys = `CurveKeys(server='${server.publicKey}', public='${publicKey}', secret='${secretKey}')`;
    const code = `from imgwire import Client, CurveKeys
client = Client('${service.zmq}', curve=${keys}, timeout=2, attempts=1)
print(client.ping())`;
    return run(python, ['-c', code], { env, timeout: 60_000 });
  };
  assert.match((await ping(known)).stdout, /^\d+\.\d+\.\d+\+sharp/);
  await assert.rejects(ping(stranger), /NoReplyError: No reply from /);
});

test('the wheel works in a fresh environment, and its types check', async (t) => {
  const cwd = await temporaryFolder(t, 'python');
  const bin = join(cwd, 'venv/bin');
  const pip = (...args: string[]) => run(join(bin, 'pip'), ['--quiet', ...args], { cwd, timeout: 240_000 });
  await run(python, ['-m', 'venv', 'venv'], { cwd });
  await pip('wheel', '--no-deps', '--wheel-dir', '.', root);
  await pip('install', 'imgwire-0.1.0-py3-none-any.whl', 'ruff', 'mypy');
  const venvPython = join(bin, 'python');
  for (const program of ['life_cycle.py', 'life_cycle_async.py']) {
    const { service, path } = await start(t);
    // Without PYTHONPATH, so the wheel is used.
    const { stdout } = await run(venvPython, [join(programs, program), service.zmq, path], { cwd, timeout: 120_000 });
    assert.equal(stdout, 'done\n');
  }

  const check = (name: string, ...args: string[]) =>
    run(join(bin, name), args, { cwd: root, timeout: 120_000 }).catch((error) => {
      throw new Error(`${name} ${args[0]}:\n${error.stdout}${error.stderr}`, { cause: error });
    });
  await check('ruff', 'check', '--no-cache', '--config', join(root, 'pyproject.toml'), '.', programs);
  await check('ruff', 'format', '--check', '--no-cache', '--config', join(root, 'pyproject.toml'), '.', programs);
  await check('mypy', '--cache-dir', join(cwd, 'mypy'), 'src', 'tests');
  // The wheel's types; unused ignore comments fail too.
  await check('mypy', '--strict', '--python-executable', venvPython, '--cache-dir', join(cwd, 'mypy'), programs);
});

test('the examples of the README work', async (t) => {
  const { service, path } = await start(t);
  const cwd = await temporaryFolder(t, 'python');
  await copyFile(path, join(cwd, 'photo.jpg'));
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```python\n(.+?)^```/gms)].map(([, code = '']) =>
    code.replace('tcp://localhost:5555', service.zmq),
  );
  const outputs = [];
  for (const code of examples) outputs.push((await run(python, ['-c', code], { cwd, env, timeout: 60_000 })).stdout);
  assert.equal(outputs.length, 2);
  assert.match(outputs[0] ?? '', /^crop Expected /);
  assert.match(outputs[1] ?? '', /^\d{3,}\n$/);
  const { format, width } = await sharp(await readFile(join(cwd, 'small.webp'))).metadata();
  assert.deepEqual([format, width], ['webp', 720]);
});
