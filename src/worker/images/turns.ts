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

/** Samples whose conversion takes a few milliseconds; a multiple of the channels of a pixel with alpha. */
const samplesPerPart = 1_048_576;

/**
 * Converts samples part by part, and handles other events in between.
 * @param convert converts those from `start` to before `end`
 */
export async function inParts(samples: number, convert: (start: number, end: number) => void): Promise<void> {
  const pause = createTurns();
  for (let start = 0; start < samples; start += samplesPerPart) {
    convert(start, Math.min(start + samplesPerPart, samples));
    await pause();
  }
}
