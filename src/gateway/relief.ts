import type { Collector } from '../collector.ts';

/** Bytes that may lie about unused: for fewer the event loop is not held up. */
const slackBytes = 16_777_216;
/** Bytes that come and go from one check to the next where nothing much is going on. */
const stillBytes = 1_048_576;
const checkMs = 1000;

/**
 * Gives memory back after a burst: once nothing is allocated any more, V8 sees no reason for a collection.
 * @param inUse bytes of images that are on their way now
 * @returns ends it
 */
export function startRelief({ collectAll }: Collector, inUse: () => number): () => void {
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
    collectAll();
    needed = process.memoryUsage().external;
  }, checkMs);
  return () => clearInterval(timer);
}
