import { setTimeout as delay } from 'node:timers/promises';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { LaneHost } from './dispatcher.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface SupervisorOptions {
  /** Worker processes that are kept running. */
  count: number;
  /** The file that a worker runs. */
  entry: string;
  /** Folder of the sockets between gateway and workers. */
  socketDir: string;
  dispatcher: {
    attach(host: LaneHost): void;
    lostAtStart(): void;
  };
  log: Logger;
}

/** Keeps the worker processes running: starts each anew when it has ended, later and later where it ends again at once. */
export interface Supervisor {
  /** Resolves when all workers are ready; rejects, with the reason, where one cannot start. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The lanes of a worker; there are as many workers as CPUs. A slow transformation must not hold up a retrieve: hence lanes
 * of their own for what is quick. On two CPUs, of what bare sharp makes of a photograph of 6 megapixels in a second with
 * four in work: 82 % with one heavy lane a worker, which is idle between two jobs, 90 % with two, 92 % with three, for 40 MB
 * more a worker. One worker with four has the threads of libuv all taken, and a retrieve waits 76 ms; four workers with one
 * make as much as two with two, and take 210 MB more. Neither two threads of sharp nor eight of libuv gain anything.
 */
const weights: readonly Weight[] = ['heavy', 'heavy', 'light', 'light', 'light', 'light'];

/** A worker that lived this long was well: the next one starts at once. */
const healthyMs = 5000;
const firstBackoffMs = 100;
const maxBackoffMs = 5000;

export function createSupervisor({ count, entry, socketDir, dispatcher, log }: SupervisorOptions): Supervisor {
  const running = new Map<number, WorkerProcess>();
  const stopped = new AbortController();

  function launch(slot: number, generation: number): WorkerProcess {
    const name = `worker-${slot}.${generation}`;
    const worker = startWorkerProcess({ name, entry, socketDir, weights, log });
    running.set(slot, worker);
    worker.ready.then(
      () => dispatcher.attach(worker),
      () => dispatcher.lostAtStart(),
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
      // One that was killed says nothing about the next one's fate.
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
    async start() {
      const workers = Array.from({ length: count }, (_, slot) => launch(slot, 0));
      await Promise.all(workers.map(({ ready }) => ready));
      for (const [slot, worker] of workers.entries()) void keep(slot, worker);
    },
    async close() {
      stopped.abort();
      await Promise.all([...running.values()].map((worker) => worker.close()));
    },
  };
}
