import { setImmediate as nextLoopTurn } from 'node:timers/promises';

const turnMs = 5;

/**
 * Creates a function to call between the parts of long work: after 5 ms of it, other events are handled first.
 * @returns undefined before that: awaiting it costs more than a small part
 */
export function createTurns(): () => Promise<void> | undefined {
  let startedAt = performance.now();
  return () => {
    if (performance.now() - startedAt < turnMs) return undefined;
    return nextLoopTurn().then(() => {
      startedAt = performance.now();
    });
  };
}
