import type { Logger } from '../../log.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Slot {
  readonly worker: Pick<WorkerProcess, 'name' | 'memoryBytes' | 'age'>;
  replace(): Promise<void>;
}

export interface MemoryLimitOptions {
  slots: readonly Slot[];
  /** Resident bytes per worker. */
  limitBytes: number;
  log: Logger;
}

const checkMs = 500;

/** Consecutive checks over the limit that are tolerated, as a large image causes them: two seconds. */
const transientChecks = 4;

/** Exceeding the limit within this age, in milliseconds, means the work needs the memory: replacing would not help. */
const earlyMs = 30_000;
const initialMinAgeMs = 1000;
const maxMinAgeMs = 600_000;

/**
 * Replaces workers that stay over the limit, one at a time, so that there is at most one extra worker. Workers that
 * exceed it soon after their start are replaced at doubling intervals.
 * @returns a function that stops the checks
 */
export function enforceMemoryLimit({ slots, limitBytes, log }: MemoryLimitOptions): () => void {
  const states = slots.map((slot) => ({ slot, worker: slot.worker, checksOver: 0, minAgeMs: initialMinAgeMs }));
  type State = (typeof states)[number];
  let isReplacing = false;

  function check(state: State): void {
    const { worker } = state.slot;
    const isOver = worker.memoryBytes > limitBytes;
    state.checksOver = isOver && worker === state.worker ? state.checksOver + 1 : Number(isOver);
    state.worker = worker;
  }

  const mustReplace = ({ worker, checksOver, minAgeMs }: State) =>
    checksOver > transientChecks && worker.age >= minAgeMs;

  async function replace(state: State): Promise<void> {
    const { slot, worker, checksOver } = state;
    const figures = { worker: worker.name, memory_bytes: worker.memoryBytes, limit_bytes: limitBytes };
    log.warn(figures, 'worker over its memory limit is replaced');
    if (worker.age - checksOver * checkMs < earlyMs) {
      state.minAgeMs = Math.min(2 * state.minAgeMs, maxMinAgeMs);
      const message = 'work needs more memory than IMGWIRE_WORKER_MEMORY_BYTES allows';
      log.warn({ ...figures, min_age_ms: state.minAgeMs }, message);
    } else state.minAgeMs = initialMinAgeMs;
    await slot.replace();
  }

  const timer = setInterval(() => {
    for (const state of states) check(state);
    const due = states.find(mustReplace);
    if (isReplacing || due === undefined) return;
    isReplacing = true;
    void replace(due).finally(() => {
      isReplacing = false;
    });
  }, checkMs);
  return () => clearInterval(timer);
}
