import { setTimeout as delay } from 'node:timers/promises';

const workMs = 5;
const restRatio = 3;

/**
 * Creates a function that paces background work: called between its steps, it rests 15 ms after every 5 ms of work.
 * @throws the signal's reason once aborted
 */
export function createPacer(signal: AbortSignal): () => Promise<void> {
  let workingSince = performance.now();
  return async () => {
    signal.throwIfAborted();
    const worked = performance.now() - workingSince;
    if (worked < workMs) return;
    await delay(restRatio * worked, undefined, { signal });
    workingSince = performance.now();
  };
}
