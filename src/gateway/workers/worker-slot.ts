import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { backoffMs, healthyMs } from '../backoff.ts';
import type { Death } from '../dispatch/pool.ts';
import type { WorkerProcess } from './worker-process.ts';

export type WorkerSlot = ReturnType<typeof startWorkerSlot>;

/** How the previous worker ended; `memory` if it was over its memory limit. */
export type RestartReason = Death | 'memory';

export interface WorkerSlotOptions {
  slot: number;
  launch(worker: { name: string; isReplacement: boolean }): WorkerProcess;
  /** Stops assigning jobs to a worker; resolves when it has none left. */
  retire(worker: WorkerProcess): Promise<void>;
  onRestart?(reason: RestartReason): void;
  log: Logger;
}

/**
 * Keeps one worker process running: restarts it whenever it ends, with exponential backoff while it keeps crashing. If
 * the very first fails to start, there is no restart.
 */
export function startWorkerSlot({ slot, launch, retire, onRestart = () => {}, log }: WorkerSlotOptions) {
  const stopped = new AbortController();
  /** The current worker and, during a replacement, the old or new one. */
  const running = new Set<WorkerProcess>();
  let generation = 0;
  let failures = 0;
  let replacement: Promise<void> | undefined;
  let hasServed = false;
  let worker = start();
  worker.ready.then(
    () => {
      hasServed = true;
    },
    () => {},
  );

  function start(): WorkerProcess {
    const next = launch({ name: `worker-${slot}.${generation}`, isReplacement: hasServed });
    generation += 1;
    running.add(next);
    void next.ended.then((death) => onEnd(next, death));
    return next;
  }

  async function onEnd(ended: WorkerProcess, death: Death): Promise<void> {
    running.delete(ended);
    const healthy = death !== 'crash' || ended.age > healthyMs;
    await replacement;
    if (ended !== worker || !hasServed || stopped.signal.aborted) return;
    failures = healthy ? 0 : failures + 1;
    if (failures > 0) {
      const pauseMs = backoffMs(failures);
      log.warn({ slot, failures, backoff_ms: pauseMs }, 'worker restart delayed');
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) return;
    }
    worker = start();
    onRestart(death);
  }

  return {
    get worker() {
      return worker;
    },
    /** Starts a new worker; once it serves, retires the old one after its jobs. Must not be called concurrently. */
    async replace(): Promise<void> {
      const old = worker;
      const next = start();
      const takeOver = () => {
        worker = next;
      };
      // If the new one fails to start, it has logged why, and the old one continues.
      replacement = next.ready.then(takeOver, () => {});
      await replacement;
      if (worker === old) return;
      onRestart('memory');
      await retire(old);
      await old.close('replaced');
    },
    async close(): Promise<void> {
      stopped.abort();
      await Promise.all([...running].map((one) => one.close()));
    },
  };
}
