import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { Death } from '../dispatch/pool.ts';
import type { WorkerProcess } from './worker-process.ts';

export type WorkerSlot = ReturnType<typeof startWorkerSlot>;

/** How the worker before ended, or that it was over its memory limit. */
export type RestartReason = Death | 'memory';

export interface WorkerSlotOptions {
  slot: number;
  launch(worker: { name: string; isReplacement: boolean }): WorkerProcess;
  /** Resolves when the worker takes no more jobs and has none left. */
  retire(worker: WorkerProcess): Promise<void>;
  onRestart?(reason: RestartReason): void;
  log: Logger;
}

/** After a life this long the next worker starts at once, in milliseconds. */
const healthyMs = 5000;
const firstBackoffMs = 100;
const maxBackoffMs = 5000;

/**
 * Keeps one worker process running: a successor for each that ends, with exponential backoff while they crash at once. The
 * first must start, or there is none.
 */
export function startWorkerSlot({ slot, launch, retire, onRestart = () => {}, log }: WorkerSlotOptions) {
  const stopped = new AbortController();
  /** The worker and, during a replacement, its predecessor or successor. */
  const running = new Set<WorkerProcess>();
  let generation = 0;
  let failures = 0;
  let succession: Promise<void> | undefined;
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
    await succession;
    if (ended !== worker || !hasServed || stopped.signal.aborted) return;
    failures = healthy ? 0 : failures + 1;
    if (failures > 0) {
      const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs);
      log.warn({ slot, failures, backoff_ms: backoffMs }, 'worker is started again later');
      await delay(backoffMs, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) return;
    }
    worker = start();
    onRestart(death);
  }

  return {
    get worker() {
      return worker;
    },
    /** Starts a successor; once that serves, the worker ends when its jobs are done. Not to be called twice at a time. */
    async replace(): Promise<void> {
      const old = worker;
      const next = start();
      const succeed = () => {
        worker = next;
      };
      // One that does not start has logged why; the old one goes on.
      succession = next.ready.then(succeed, () => {});
      await succession;
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
