import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that may lie about unused: collecting costs the event loop some milliseconds. */
const slackBytes = 33_554_432;
const checkMs = 1000;

/**
 * Gives memory back after a burst. The bytes of images lie outside of the heap that V8 looks at, and those that nobody
 * holds any more are freed by a collection alone, for which V8 sees no reason once nothing is allocated any more.
 */
export interface Relief {
  stop(): void;
}

/** @param inUse bytes of images that are on their way now */
export function startRelief(inUse: () => number): Relief {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  /** What was left after the last collection, and can be expected to be needed: the cache, above all. */
  let needed = process.memoryUsage().external;
  const timer = setInterval(() => {
    const { external } = process.memoryUsage();
    needed = Math.min(needed, external);
    // During a burst V8 collects of its own, for what is allocated meanwhile.
    if (inUse() > slackBytes || external < needed + slackBytes) return;
    collect();
    needed = process.memoryUsage().external;
  }, checkMs);
  return { stop: () => clearInterval(timer) };
}
