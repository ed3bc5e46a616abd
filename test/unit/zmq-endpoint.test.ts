import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { resolveEndpoint } from '../../src/gateway/zmq/endpoint.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

async function listen(t: TestContext, path: string): Promise<void> {
  const server = createServer().listen(path);
  closeWith(t, () => server.close());
  await once(server, 'listening');
}

const named = (message: RegExp) => (error: Error) =>
  /IMGWIRE_ZMQ_ENDPOINT/.test(error.message) && message.test(error.message);

test('resolves addresses, names and interfaces, and reports which are local', async () => {
  for (const [given, endpoint, isLocal, isIpv6] of [
    ['tcp://127.0.0.1:5555', 'tcp://127.0.0.1:5555', true, false],
    ['tcp://127.1.2.3:0', 'tcp://127.1.2.3:*', true, false],
    ['tcp://localhost:*', 'tcp://127.0.0.1:*', true, false],
    ['tcp://lo:5555', 'tcp://127.0.0.1:5555', true, false],
    ['tcp://*:5555', 'tcp://*:5555', false, false],
    ['tcp://0.0.0.0:5555', 'tcp://0.0.0.0:5555', false, false],
    ['tcp://[::1]:5555', 'tcp://[::1]:5555', true, true],
    ['tcp://[::]:5555', 'tcp://[::]:5555', false, true],
    ['ipc://@imgwire-test-none', 'ipc://@imgwire-test-none', true, false],
  ] as const) {
    assert.deepEqual(await resolveEndpoint(given), { endpoint, isIpv6, isLocal }, given);
  }
});

test('rejects ports and hosts that libzmq would misinterpret', async () => {
  for (const [endpoint, message] of [
    ['tcp://127.0.0.1:99999', /port from 0 to 65535/],
    ['tcp://127.0.0.1', /tcp:\/\/ADDRESS:PORT/],
    ['tcp://no-such-host.invalid:5555', /host name.*of this machine/],
    ['tcp://192.0.2.1:5555', /host name.*of this machine.*EADDRNOTAVAIL/],
    ['tcp://127.0.0.1:80:5555', /host name.*of this machine/],
    ['tcp:// 127.0.0.1:5555', /host name.*of this machine/],
    ['tcp://::1:5555 ', /tcp:\/\/ADDRESS:PORT/],
  ] as const) {
    await assert.rejects(resolveEndpoint(endpoint), named(message), endpoint);
  }
});

test('rejects an ipc path that is too long, not a socket, or in use', async (t) => {
  const path = await temporaryFolder(t, 'endpoint');
  await assert.rejects(resolveEndpoint(`ipc://${join(path, 'x'.repeat(120))}`), named(/at most \d+ bytes/));
  await assert.rejects(resolveEndpoint(`ipc://@${'x'.repeat(107)}`), named(/at most \d+ bytes/));
  const file = join(path, 'file');
  await writeFile(file, 'mine');
  await assert.rejects(resolveEndpoint(`ipc://${file}`), named(/free path/));
  const socket = join(path, 'socket');
  await listen(t, socket);
  await assert.rejects(resolveEndpoint(`ipc://${socket}`), named(/no other process/));
  const name = `imgwire-test-${process.pid}`;
  await listen(t, `\0${name}`);
  await assert.rejects(resolveEndpoint(`ipc://@${name}`), named(/no other process/));
});
