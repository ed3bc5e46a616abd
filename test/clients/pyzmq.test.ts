import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { curveKeyPair } from 'zeromq';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';

/** Debian's Python, which has python3-zmq. */
const python = '/usr/bin/python3';
const run = promisify(execFile);

async function start(t: TestContext): Promise<{ service: Service; path: string }> {
  const service = await startService(t);
  const path = join(service.dataDir, 'photo.jpg');
  await writeFile(path, await photo(1200, 900));
  return { service, path };
}

async function runProgram(name: string, ...args: string[]): Promise<string> {
  const program = fileURLToPath(new URL(`./pyzmq/${name}`, import.meta.url));
  const { stdout } = await run(python, [program, ...args], { timeout: 60_000 });
  return stdout.trim();
}

for (const kind of ['req', 'relaxed', 'dealer']) {
  test(`pyzmq: completes the life cycle of an image over a ${kind} socket`, async (t) => {
    const { service, path } = await start(t);
    assert.equal(await runProgram('whole_life.py', service.zmq, path, kind), 'done');
  });
}

test('pyzmq: eight concurrent clients each get their own replies', async (t) => {
  const { service, path } = await start(t);
  assert.equal(await runProgram('side_by_side.py', service.zmq, path), 'done');
});

test('pyzmq: CURVE admits only clients with a known key', async (t) => {
  const server = curveKeyPair();
  const known = curveKeyPair();
  const stranger = curveKeyPair();
  const service = await startService(t, {
    env: { IMGWIRE_CURVE_SECRET_KEY: server.secretKey, IMGWIRE_CURVE_CLIENT_KEYS: known.publicKey },
  });
  const runAs = ({ publicKey, secretKey }: typeof known) =>
    runProgram('curve.py', service.zmq, server.publicKey, publicKey, secretKey);
  assert.equal(await runAs(known), 'success');
  assert.equal(await runAs(stranger), 'no reply');
  await service.waitForLog(({ msg, reason }) => msg === 'peer cut off' && reason === 'unknown CURVE key');
});
