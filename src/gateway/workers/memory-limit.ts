import type { Logger } from '../../log.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Slot {
  readonly worker: Pick<WorkerProcess, 'name' | 'memoryBytes' | 'age'>;
  replace(): Promise<void>;
}

export interface MemoryLimitOptions {
  slots: readonly Slot[];
  /** Resident bytes of a worker. */
  limitBytes: number;
  log: Logger;
}

const checkMs = 500;

/** Checks over the limit that pass as the work on a large image: two seconds. */
const transientChecks = 4;

/** A worker over its limit this soon, in milliseconds, needs the memory: replacing it again and again would not help. */
const earlyMs = 30_000;
const firstLeastLifeMs = 1000;
const maxLeastLifeMs = 600_000;

/**
 * Replaces workers that stay over the limit, one at a time: there is never more than one worker too many. Those that are
 * over it soon after their start are replaced ever more rarely.
 * @returns stops it
 */
export function enforceMemoryLimit({ slots, limitBytes, log }: MemoryLimitOptions): () => void {
  const states = slots.map((slot) => ({ slot, worker: slot.worker, checksOver: 0, leastLifeMs: firstLeastLifeMs }));
  type State = (typeof states)[number];
  let isReplacing = false;

  function check(state: State): void {
    const { worker } = state.slot;
    const isOver = worker.memoryBytes > limitBytes;
    state.checksOver = isOver && worker === state.worker ? state.checksOver + 1 : Number(isOver);
    state.worker = worker;
  }

  const isDue = ({ worker, checksOver, leastLifeMs }: State) =>
    checksOver > transientChecks && worker.age >= leastLifeMs;

  async function replace(state: State): Promise<void> {
    const { slot, worker, checksOver } = state;
    const figures = { worker: worker.name, memory_bytes: worker.memoryBytes, limit_bytes: limitBytes };
    log.warn(figures, 'worker over its memory limit is replaced');
    if (worker.age - checksOver * checkMs < earlyMs) {
      state.leastLifeMs = Math.min(2 * state.leastLifeMs, maxLeastLifeMs);
      const message = 'work needs more memory than IMGWIRE_WORKER_MEMORY_BYTES allows';
      log.warn({ ...figures, least_life_ms: state.leastLifeMs }, message);
    } else state.leastLifeMs = firstLeastLifeMs;
    await slot.replace();
  }

  const timer = setInterval(() => {
    for (const state of states) check(state);
    const due = states.find(isDue);
    if (isReplacing || due === undefined) return;
    isReplacing = true;
    void replace(due).finally(() => {
      isReplacing = false;
    });
  }, checkMs);
  return () => clearInterval(timer);
}
