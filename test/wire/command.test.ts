import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { command } from '../helpers/command.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { freePort } from '../helpers/ports.ts';
import { run as runProgram } from '../helpers/run.ts';
import { startService } from '../helpers/service.ts';
import { isRunning } from '../helpers/workers.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const run = (args: string[], env: Record<string, string> = {}) =>
  runProgram(process.execPath, [command, ...args], { env: { ...process.env, ...env } });

test('--help lists the environment variables, and --version prints the version', async () => {
  const help = await run(['--help']);
  assert.equal(help.code, 0);
  for (const name of ['IMGWIRE_PORT (8080)', 'IMGWIRE_MAX_UPLOAD_BYTES (33554432)', 'IMGWIRE_ZMQ_ENDPOINT']) {
    assert.ok(help.stdout.includes(name), name);
  }
  assert.match((await run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('exits quietly on a closed pipe', async (t) => {
  const dataDir = await temporaryFolder(t, 'pipe');
  await mkdir(join(dataDir, 'images'));
  const commands = [['--help'], ['--version'], ['verify'], ['keygen', 'signing'], ['keygen', 'api', 'a']];
  for (const args of commands) {
    const env = { PATH: process.env.PATH, IMGWIRE_DATA_DIR: dataDir };
    const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.deepEqual([stderr, code], ['', 128 + constants.signals.SIGPIPE], args.join(' '));
  }
});

const linux = { skip: process.platform !== 'linux' };

test('reports in one line that its output cannot be written, and exits with 1', linux, async (t) => {
  const dataDir = await temporaryFolder(t, 'full');
  await mkdir(join(dataDir, 'images'));
  const full = openSync('/dev/full', 'w');
  closeWith(t, () => closeSync(full));
  const key = 'a'.repeat(64);
  const env = { PATH: process.env.PATH, IMGWIRE_DATA_DIR: dataDir, IMGWIRE_SIGNING_KEYS: key };
  const commands = [
    ['--help'],
    ['--version'],
    ['verify'],
    ['keygen', 'signing'],
    ['keygen', 'api', 'a'],
    ['keygen', 'curve', 'a'],
    ['sign', '--expires', '1h', `/images/${key}?width=9`],
    ['grant', '--expires', '1h'],
  ];
  for (const args of commands) {
    const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', full, 'pipe'] });
    const [stderr, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')]);
    assert.match(stderr, /^imgwire: cannot write to standard output: ENOSPC[^\n]*\n$/, args.join(' '));
    assert.equal(code, 1, args.join(' '));
  }
});

test('keeps its exit code if standard error cannot be written either', linux, async (t) => {
  const full = openSync('/dev/full', 'w');
  closeWith(t, () => closeSync(full));
  const ends: [args: string[], code: number][] = [
    [['--halp'], 2],
    [['--help'], 1],
  ];
  for (const [args, code] of ends) {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', full, full] });
    assert.deepEqual(await once(child, 'exit'), [code, null], args.join(' '));
  }
});

test('reports wrong options and variables before it starts or creates anything', async (t) => {
  const dataDir = join(await temporaryFolder(t, 'command'), 'data');
  const mistakes: [args: string[], env: Record<string, string>, message: RegExp][] = [
    [['--halp'], {}, /--halp/],
    [[], { IMGWIRE_PORT: 'http' }, /Expected an integer from 0 to 65535 for IMGWIRE_PORT but received "http"/],
    [[], { IMGWIRE_PROT: '80' }, /"IMGWIRE_PROT"; did you mean IMGWIRE_PORT\?/],
    [[], { IMGWIRE_INPUT_FORMATS: 'jpeg,bmp' }, /IMGWIRE_INPUT_FORMATS/],
    [[], { IMGWIRE_ZMQ_ENDPOINT: 'udp://x' }, /IMGWIRE_ZMQ_ENDPOINT/],
    [[], { IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1' }, /IMGWIRE_ZMQ_ENDPOINT to be tcp:\/\/ADDRESS:PORT/],
    [[], { IMGWIRE_TRUSTED_PROXIES: '10.0.0.0/99' }, /IMGWIRE_TRUSTED_PROXIES.*10\.0\.0\.0\/99/],
    [
      [],
      { IMGWIRE_CORS_ORIGINS: 'https://a:99999' },
      /valid URL for IMGWIRE_CORS_ORIGINS but received "https:\/\/a:99999"/,
    ],
    [[], { IMGWIRE_HOST: '[::1]' }, /host name of this machine.*IMGWIRE_HOST/],
    [[], { IMGWIRE_UPSTREAMS: 'tcp://a' }, /IMGWIRE_UPSTREAMS/],
    [[], { IMGWIRE_PEERS: 'tcp://a' }, /IMGWIRE_PEERS/],
    [[], { IMGWIRE_PEER_ENDPOINT: 'tcp://127.0.0.1:99999' }, /IMGWIRE_PEER_ENDPOINT/],
    [[], { IMGWIRE_PRESETS: 'a:widht=1' }, /IMGWIRE_PRESETS/],
    [[], { IMGWIRE_API_KEYS: 'a:read' }, /IMGWIRE_API_KEYS/],
    [[], { IMGWIRE_SIGNING_KEYS: 'short' }, /IMGWIRE_SIGNING_KEYS/],
    [[], { IMGWIRE_CURVE_CLIENT_KEYS: 'short' }, /IMGWIRE_CURVE_CLIENT_KEYS/],
    [[], { IMGWIRE_CURVE_SECRET_KEY: 'short' }, /IMGWIRE_CURVE_SECRET_KEY/],
    [[], { IMGWIRE_PURGE_HEADER: 'a: b' }, /IMGWIRE_PURGE_HEADER/],
    [[], { IMGWIRE_PURGE_URL: 'TRACE http://cache/{image_id}' }, /IMGWIRE_PURGE_URL/],
    [[], { IMGWIRE_INFLIGHT_BYTES: '1000' }, /IMGWIRE_INFLIGHT_BYTES to be at least IMGWIRE_MAX_UPLOAD_BYTES/],
  ];
  for (const [args, env, message] of mistakes) {
    const given = { IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0', IMGWIRE_DATA_DIR: dataDir, ...env };
    const { code, stdout, stderr } = await run(args, given);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(stdout, '');
    assert.equal(existsSync(dataDir), false);
  }
});

test('keeps serving if its log cannot be written, reports it, and exits on SIGTERM', linux, async (t) => {
  const [port, dataDir] = [await freePort(), await temporaryFolder(t, 'command')];
  const full = openSync('/dev/full', 'w');
  closeWith(t, () => closeSync(full));
  const child = spawn(process.execPath, [command], {
    stdio: ['ignore', full, 'pipe'],
    env: {
      ...process.env,
      IMGWIRE_PORT: String(port),
      IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
      IMGWIRE_DATA_DIR: dataDir,
      IMGWIRE_WORKERS: '1',
    },
  });
  closeWith(t, () => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let errorOutput = '';
  child.stderr?.on('data', (text) => {
    errorOutput += text;
  });
  const list = () => fetch(`http://127.0.0.1:${port}/images`).catch(() => undefined);
  while ((await list()) === undefined) await delay(50);
  for (let count = 0; count < 300; count += 1) assert.equal((await list())?.status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.match(errorOutput, /^imgwire: cannot write the log: ENOSPC.*\nimgwire: dropped \d+ log lines: ENOSPC.*\n$/);
});

test('reports why it cannot start', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  closeWith(t, () => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const free = { IMGWIRE_PORT: '0', IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0' };
  const dataDir = await temporaryFolder(t, 'command');
  const reasons: [env: Record<string, string>, message: RegExp][] = [
    [{ IMGWIRE_DATA_DIR: '/proc/nowhere' }, /\/proc\/nowhere/],
    [{ IMGWIRE_PORT: String(port), IMGWIRE_DATA_DIR: dataDir }, new RegExp(`EADDRINUSE.*${port}`)],
    [{ IMGWIRE_ZMQ_ENDPOINT: `tcp://127.0.0.1:${port}`, IMGWIRE_DATA_DIR: dataDir }, new RegExp(`${port}`)],
  ];
  for (const [env, message] of reasons) {
    const { code, stderr } = await run([], { ...free, ...env });
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
});

test('does not attribute damage to the installation to the address', async (t) => {
  const folder = await temporaryFolder(t, 'damaged');
  for (const name of ['dist', 'openapi', 'package.json'])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await rm(join(folder, 'dist/web'), { recursive: true });
  const env = { IMGWIRE_PORT: '0', IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0', IMGWIRE_DATA_DIR: join(folder, 'data') };
  const args = [join(folder, 'dist/main.js')];
  const { code, stderr } = await runProgram(process.execPath, args, { env: { ...process.env, ...env } });
  assert.equal(code, 1);
  assert.match(stderr, /^imgwire: ENOENT[^\n]*dist\/web[^\n]*\n$/);
});

test('reports a current folder that was removed', async (t) => {
  const folder = await temporaryFolder(t, 'removed');
  const env = {
    ...process.env,
    IMGWIRE_PORT: '0',
    IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
    IMGWIRE_DATA_DIR: folder,
  };
  for (const name of ['serve', 'verify']) {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
    const args = ['-c', script, process.execPath, command, name];
    const child = spawn('sh', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    closeWith(t, () => child.kill('SIGKILL'));
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.match(stderr, /^imgwire: Expected a current folder that exists.*uv_cwd\n$/, name);
    assert.equal(code, 1, name);
  }
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`exits on ${signal} with code 0, leaving no worker or socket`, async (t) => {
    const service = await startService(t);
    const workers = service.logs.filter(({ msg }) => msg === 'worker started').map((line) => Number(line.worker_pid));
    const sockets = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`imgwire-${service.child.pid}-`));
    assert.equal(workers.length > 0 && workers.every(isRunning), true);
    assert.equal(sockets().length, 1);
    assert.deepEqual(await service.stop(signal), { code: 0, signal: null });
    assert.deepEqual(workers.filter(isRunning), []);
    assert.deepEqual(sockets(), []);
  });
}

test('answers accepted requests before it exits', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const body = await photo(2400, 1800);
  const accepted = fetch(`${service.http}/resize?format=avif&width=1200`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(body),
  });
  // Once this second request to the same worker is answered, the first is in progress.
  await fetch(`${service.http}/images`);
  await service.waitForLog(({ part }) => part === 'worker');
  const ended = service.stop();
  await service.waitForLog(({ msg }) => msg === 'shutting down');
  assert.equal((await accepted).status, 200);
  assert.deepEqual(await ended, { code: 0, signal: null });
});

test('replaces a killed worker', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const { worker_pid } = await service.waitForLog(({ msg }) => msg === 'worker started');
  process.kill(Number(worker_pid), 'SIGKILL');
  const response = await fetch(`${service.http}/images`);
  const lines = service.logs.map((line) => JSON.stringify(line)).join('\n');
  assert.equal(response.status, 200, `The log of the service:\n${lines}`);
});
