import { setTimeout as delay } from 'node:timers/promises';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { LaneHost } from '../dispatch/pool.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface SupervisorOptions {
  count: number;
  entry: string;
  socketDir: string;
  dispatcher: { attach(host: LaneHost): void };
  log: Logger;
}

/**
 * The lanes of a worker. Light lanes keep a retrieve from waiting for a slow resize. Beside bare sharp, two CPUs, four
 * requests for a 6-megapixel photograph in flight: one heavy lane a worker 82 % (idle between two jobs), two 90 %,
 * three 92 % for 40 MB more each.
 */
const weights: readonly Weight[] = ['heavy', 'heavy', 'light', 'light', 'light', 'light'];

/** After a life this long the next worker starts at once, in milliseconds. */
const healthyMs = 5000;
const firstBackoffMs = 100;
const maxBackoffMs = 5000;

/** Keeps the worker processes running: replaces each that has ended, with exponential backoff while they crash at once. */
export function createSupervisor({ count, entry, socketDir, dispatcher, log }: SupervisorOptions) {
  const running = new Map<number, WorkerProcess>();
  const stopped = new AbortController();

  function launch(slot: number, generation: number): WorkerProcess {
    const name = `worker-${slot}.${generation}`;
    const worker = startWorkerProcess({ name, entry, socketDir, weights, log });
    running.set(slot, worker);
    worker.ready.then(
      () => dispatcher.attach(worker),
      () => {},
    );
    return worker;
  }

  async function keep(slot: number, first: WorkerProcess): Promise<void> {
    let worker = first;
    let failures = 0;
    for (let generation = 1; ; generation += 1) {
      const started = performance.now();
      const death = await worker.ended;
      if (stopped.signal.aborted) return;
      const healthy = death !== 'crash' || performance.now() - started > healthyMs;
      failures = healthy ? 0 : failures + 1;
      if (failures > 0) {
        const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs);
        log.warn({ slot, failures, backoff_ms: backoffMs }, 'worker is started again later');
        await delay(backoffMs, undefined, { signal: stopped.signal }).catch(() => {});
        if (stopped.signal.aborted) return;
      }
      worker = launch(slot, generation);
    }
  }

  return {
    /** Resolves when all workers are ready; rejects, with the reason, where one cannot start. */
    async start(): Promise<void> {
      const workers = Array.from({ length: count }, (_, slot) => launch(slot, 0));
      await Promise.all(workers.map(({ ready }) => ready));
      for (const [slot, worker] of workers.entries()) void keep(slot, worker);
    },
    async close(): Promise<void> {
      stopped.abort();
      await Promise.all([...running.values()].map((worker) => worker.close()));
    },
  };
}
