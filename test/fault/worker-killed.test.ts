import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startService } from '../helpers/service.ts';
import { signalWorker, workerPids } from '../helpers/workers.ts';
import { httpSender, noFigures, preparePictures, printFigures, sendUntil, zmqSender } from './load.ts';

/*
 * 16 clients on each door ──► gateway ──► workers ◄── SIGKILL
 */

const clientsPerDoor = 16;

/** Few enough that an idle machine reaches them between two kills. */
const answersBetweenKills = 8;

/** Every request must reach a worker. */
const uncached = { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' };

const runs = [
  { name: 'once a second', seconds: 15, everyMs: () => 1000, allowed: [] },
  { name: 'several times a second', seconds: 30, everyMs: () => 100 + Math.random() * 400, allowed: ['worker_lost'] },
];

for (const { name, seconds, everyMs, allowed } of runs) {
  test(`answers every request while workers are killed ${name}`, async (t) => {
    const service = await startService(t, { env: uncached });
    const pictures = await preparePictures(service, clientsPerDoor);
    const figures = noFigures();
    const ended = AbortSignal.timeout(seconds * 1000);
    const clients = pictures.flatMap((picture, index) => [
      sendUntil(ended, httpSender(service, picture), figures, index),
      sendUntil(ended, zmqSender(t, service, picture), figures, index),
    ]);
    let kills = 0;
    while (!ended.aborted) {
      const answered = figures.answered;
      await delay(everyMs());
      // On an overloaded machine, workers killed by time alone might never live long enough to answer.
      while (figures.answered < answered + answersBetweenKills && !ended.aborted) await delay(10);
      const pids = workerPids(service);
      const victim = pids[Math.floor(Math.random() * pids.length)];
      if (victim === undefined) continue;
      signalWorker(victim, 'SIGKILL');
      kills += 1;
    }
    await Promise.all(clients);
    const retried = service.logs.filter(({ msg }) => msg === 'request is tried again').length;
    printFigures(`workers killed ${name}`, figures, { kills, retried });
    assert.equal(figures.lost, 0);
    assert.equal(figures.answered, figures.tried);
    assert.deepEqual(
      Object.keys(figures.refused).filter((code) => !allowed.includes(code)),
      [],
    );
    assert.ok(kills > seconds / 2);
    assert.ok(retried > 0);
  });
}
