import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that may lie about unused: collecting costs the event loop up to 25 ms. */
const slackBytes = 33_554_432;
/** Bytes that come and go from one check to the next where nothing much is going on. */
const stillBytes = 1_048_576;
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
  let before = needed;
  const timer = setInterval(() => {
    const { external } = process.memoryUsage();
    const isStill = Math.abs(external - before) < stillBytes;
    before = external;
    needed = Math.min(needed, external);
    // Where images come and go V8 collects of its own, for what is allocated meanwhile, and in small steps.
    if (!isStill || inUse() > slackBytes || external < needed + slackBytes) return;
    collect();
    needed = process.memoryUsage().external;
  }, checkMs);
  return { stop: () => clearInterval(timer) };
}
