import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { command, nodeFlags } from '../helpers/command.ts';
import { closeWith } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';

const warning = 'fewer file descriptors than connections need';

function startWithFew(t: TestContext, limit: number, env: Record<string, string>) {
  const executable = ['sh', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh', process.execPath, ...nodeFlags, command];
  return startService(t, { executable, env: { IMGWIRE_WORKERS: '1', ...env } });
}

test('warns at the start of fewer file descriptors than connections need', async (t) => {
  const { waitForLog } = await startWithFew(t, 400, { IMGWIRE_HTTP_CONNECTIONS: '400' });
  const { limit, needed } = await waitForLog(({ msg }) => msg === warning);
  assert.deepEqual([limit, needed], [400, 400 + 256 + 40 + 23]);
});

test('answers over open connections while file descriptors are exhausted', async (t) => {
  const few = { IMGWIRE_HTTP_CONNECTIONS: '50', IMGWIRE_ZMQ_CONNECTIONS: '50' };
  const service = await startWithFew(t, 200, { ...few, IMGWIRE_HTTP_CONNECTIONS: '1000' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  closeWith(t, () => agent.destroy());
  const ask = async (path: string): Promise<[number | undefined, string]> => {
    const [response] = (await once(get(service.http + path, { agent }), 'response')) as [IncomingMessage];
    return [response.statusCode, await text(response)];
  };
  await ask('/health');
  const { hostname, port } = new URL(service.http);
  const refused: Socket[] = [];
  const all = Array.from({ length: 300 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}).on('close', () => refused.push(socket));
    closeWith(t, () => void socket.destroy());
    return socket;
  });
  while (refused.length === 0) await once(all.at(-1) as Socket, 'close').catch(() => {});
  for (const path of ['/health', '/ready', '/images']) assert.equal((await ask(path))[0], 200, path);
  const [status, metrics] = await ask('/metrics');
  assert.equal(status, 200, metrics);
  assert.match(metrics, /imgwire_resident_memory_bytes\{process="gateway"\} [1-9]/);
});
