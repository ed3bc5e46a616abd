import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrape } from '../helpers/metrics.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { type Service, startService } from '../helpers/service.ts';
import { preparePictures, printFigures, startLoad, until } from './load.ts';

/*
 * clients ──► gateway without workers ──► two nodes on one folder of images
 */

const answeredBy = ({ logs }: Service) => logs.filter(({ msg }) => msg === 'request answered').length;

test('loses nothing while one upstream is killed and the other frozen', async (t) => {
  const dataDir = await temporaryFolder(t, 'test');
  const startNode = (env = {}) => startService(t, { dataDir, env: { IMGWIRE_WORKERS: '1', ...env } });
  const [killed, frozen] = [await startNode(), await startNode()];
  closeWith(t, () => frozen.child.kill('SIGCONT'));
  const front = await startService(t, {
    env: {
      IMGWIRE_WORKERS: '0',
      IMGWIRE_UPSTREAMS: `${killed.zmq},${frozen.zmq}`,
      // Every request must reach an upstream.
      IMGWIRE_CACHE_MEMORY_BYTES: '0',
      IMGWIRE_CACHE_DISK_BYTES: '0',
    },
  });
  const isServing = (count: number) => async () =>
    (await scrape(front.http)).get('imgwire_upstreams{state="serving"}') === count;
  const { figures, waitForAnswers, stop } = startLoad(t, front, await preparePictures(front, 4));

  await until(isServing(2));
  await waitForAnswers(50);
  assert.ok(answeredBy(killed) > 0 && answeredBy(frozen) > 0, 'both upstreams are used');

  await killed.stop('SIGKILL');
  await until(isServing(1));
  await waitForAnswers(50);
  const restarted = await startNode({ IMGWIRE_ZMQ_ENDPOINT: killed.zmq });
  await until(isServing(2));
  await until(() => answeredBy(restarted) > 10);

  frozen.child.kill('SIGSTOP');
  await until(isServing(1));
  await waitForAnswers(50);
  frozen.child.kill('SIGCONT');
  await until(isServing(2));
  const before = answeredBy(frozen);
  await until(() => answeredBy(frozen) > before + 10);

  await stop();
  const retries = (await scrape(front.http)).get('imgwire_retries_total');
  printFigures('upstreams lost', figures, { retries });
  assert.equal(figures.lost, 0);
  assert.deepEqual(figures.refused, {});
  assert.ok(Number(retries) > 0, 'requests in progress were lost and retried');
});
