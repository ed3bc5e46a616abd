import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that may lie about unused: collecting costs the event loop up to 25 ms. */
const slackBytes = 16_777_216;
/** Bytes that come and go from one check to the next where nothing much is going on. */
const stillBytes = 1_048_576;
const checkMs = 1000;

/** Bytes that are received before those that nobody holds any more are freed. */
const receivedBytes = 4_194_304;

/**
 * How much the heap may grow before all of it is marked. V8 counts the bytes of images as if they were part of it,
 * and by its own measure two large ones are reason enough.
 */
const growth = '--heap-growing-percent=200';

/**
 * Gives memory back after a burst. The bytes of images lie outside of the heap that V8 looks at, and those that nobody
 * holds any more are freed by a collection alone, for which V8 sees no reason once nothing is allocated any more.
 */
export interface Relief {
  /**
   * Has what is received freed in time. Of a frame of ZeroMQ, V8 sees the bytes and nothing else that grows:
   * left alone it collects the young objects too seldom, and marks the whole heap instead,
   * in steps of 5 to 10 ms for each frame that comes. A collection of the young objects takes less than one.
   */
  watch<J>(receive: (job: J) => Promise<Buffer[]>): (job: J) => Promise<Buffer[]>;
  stop(): void;
}

/** @param inUse bytes of images that are on their way now */
export function startRelief(inUse: () => number): Relief {
  setFlagsFromString('--expose-gc');
  setFlagsFromString(growth);
  const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');
  let received = 0;
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
  return {
    watch: (receive) => async (job) => {
      const frames = await receive(job);
      for (const { length } of frames) received += length;
      if (received >= receivedBytes) {
        received = 0;
        // The reply at hand goes out first.
        setImmediate(collect, { type: 'minor' });
      }
      return frames;
    },
    stop: () => clearInterval(timer),
  };
}
