import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { scrape } from '../helpers/metrics.ts';
import { type Service, startService } from '../helpers/service.ts';
import { httpSender, noFigures, preparePictures, printFigures, sendUntil, zmqSender } from './load.ts';

/*
 * clients ──► gateway without workers ──► two nodes on one folder of images
 */

const answeredBy = ({ logs }: Service) => logs.filter(({ msg }) => msg === 'request answered').length;

test('loses nothing while one upstream is killed and the other frozen', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'imgwire-test-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const startNode = (env = {}) => startService(t, { dataDir, env: { IMGWIRE_WORKERS: '1', ...env } });
  const [killed, frozen] = [await startNode(), await startNode()];
  t.after(() => frozen.child.kill('SIGCONT'));
  const front = await startService(t, {
    env: {
      IMGWIRE_WORKERS: '0',
      IMGWIRE_UPSTREAMS: `${killed.zmq},${frozen.zmq}`,
      // Each request goes all the way.
      IMGWIRE_CACHE_MEMORY_BYTES: '0',
      IMGWIRE_CACHE_DISK_BYTES: '0',
    },
  });
  const isServing = (count: number) => async () =>
    (await scrape(front.http)).get('imgwire_upstreams{state="serving"}') === count;
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await delay(50);
  };
  const pictures = await preparePictures(front, 4);
  const figures = noFigures();
  const load = new AbortController();
  const clients = pictures.flatMap((picture, index) => [
    sendUntil(load.signal, httpSender(front, picture), figures, index),
    sendUntil(load.signal, zmqSender(t, front, picture), figures, index),
  ]);
  const goOn = async (count: number) => {
    const wanted = figures.answered + count;
    await until(() => figures.answered >= wanted);
  };

  await until(isServing(2));
  await goOn(50);
  assert.ok(answeredBy(killed) > 0 && answeredBy(frozen) > 0, 'both are used');

  await killed.stop('SIGKILL');
  await until(isServing(1));
  await goOn(50);
  const restarted = await startNode({ IMGWIRE_ZMQ_ENDPOINT: killed.zmq });
  await until(isServing(2));
  await until(() => answeredBy(restarted) > 10);

  frozen.child.kill('SIGSTOP');
  await until(isServing(1));
  await goOn(50);
  frozen.child.kill('SIGCONT');
  await until(isServing(2));
  const before = answeredBy(frozen);
  await until(() => answeredBy(frozen) > before + 10);

  load.abort();
  await Promise.all(clients);
  const retries = (await scrape(front.http)).get('imgwire_retries_total');
  printFigures('upstreams lost', figures, { retries });
  assert.equal(figures.lost, 0);
  assert.deepEqual(figures.refused, {});
  assert.ok(Number(retries) > 0, 'losses hit requests in work');
});
