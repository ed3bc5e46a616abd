import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { preparePictures, printFigures, startLoad, until } from '../fault/load.ts';
import { command, nodeFlags } from '../helpers/command.ts';
import { scrape } from '../helpers/metrics.ts';
import { closeWith, type Owner, temporaryFolder } from '../helpers/owner.ts';
import { startProgram } from '../helpers/program.ts';
import { runOrThrow } from '../helpers/run.ts';
import { type Service, startService } from '../helpers/service.ts';

/*
 * clients ──► gateway ──── 20 ms and 2 % loss each way ────► a node in its own network namespace, twice
 */

const linkProgram = fileURLToPath(new URL('./upstreams/lossy_link.py', import.meta.url));

interface RemoteHost {
  link: ChildProcess;
  start(): Promise<Service>;
}

async function createRemoteHost(t: Owner, index: number, dataDir: string): Promise<RemoteHost> {
  const namespace = `imgwire-${process.pid}-${index}`;
  const [address, peer] = [`10.231.${index}.1`, `10.231.${index}.2`];
  await runOrThrow('ip', ['netns', 'add', namespace]);
  closeWith(t, () => runOrThrow('ip', ['netns', 'delete', namespace]));
  const device = `iw${process.pid}${index}`.slice(-14);
  const ends = [`${address}/24`, `${peer}/24`];
  const link = await startProgram(t, '/usr/bin/python3', [linkProgram, namespace, device, ...ends, '20', '2']);
  const start = () =>
    startService(t, {
      dataDir,
      executable: ['ip', 'netns', 'exec', namespace, process.execPath, ...nodeFlags, command],
      env: {
        IMGWIRE_WORKERS: '1',
        IMGWIRE_ZMQ_ENDPOINT: `tcp://${peer}:5555`,
        IMGWIRE_ALLOW_UNAUTHENTICATED: 'true',
      },
    });
  return { link, start };
}

test('loses nothing over lossy links while one node is killed and the other disconnected', async (t) => {
  const dataDir = await temporaryFolder(t, 'test');
  const [first, second] = [await createRemoteHost(t, 1, dataDir), await createRemoteHost(t, 2, dataDir)];
  const nodes = [await first.start(), await second.start()] as [Service, Service];
  const front = await startService(t, {
    env: {
      IMGWIRE_WORKERS: '0',
      IMGWIRE_UPSTREAMS: nodes.map(({ zmq }) => zmq).join(),
      IMGWIRE_TIMEOUT_MS: '30000',
      // Every request must reach an upstream.
      IMGWIRE_CACHE_MEMORY_BYTES: '0',
      IMGWIRE_CACHE_DISK_BYTES: '0',
    },
  });
  const serve = (count: number) =>
    until(async () => (await scrape(front.http)).get('imgwire_upstreams{state="serving"}') === count);
  const answeredBy = ({ logs }: Service) => logs.filter(({ msg }) => msg === 'request answered').length;

  await serve(2);
  const { figures, waitForAnswers, stop } = startLoad(t, front, await preparePictures(front, 4));
  await waitForAnswers(20);
  assert.ok(
    nodes.every((node) => answeredBy(node) > 0),
    'both upstreams are used',
  );

  await nodes[0].stop('SIGKILL');
  await serve(1);
  await waitForAnswers(10);
  const restarted = await first.start();
  await serve(2);
  await until(() => answeredBy(restarted) > 5);

  second.link.kill('SIGUSR1');
  await serve(1);
  await waitForAnswers(10);
  second.link.kill('SIGUSR2');
  await serve(2);
  const before = answeredBy(nodes[1]);
  await until(() => answeredBy(nodes[1]) > before + 5);

  await stop();
  const retries = (await scrape(front.http)).get('imgwire_retries_total');
  printFigures('upstreams over lines with 20 ms and 2 % loss', figures, { retries });
  assert.equal(figures.lost, 0);
  assert.deepEqual(figures.refused, {});
});
