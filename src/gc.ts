import { getHeapStatistics } from 'node:v8';

/** Frees the buffers of images in time: V8 does not see their size where it decides when to collect. */
export interface Gc {
  /**
   * Collects the young generation every few megabytes sent or received, in under 1 ms. Left alone, V8 marks the whole heap
   * for every second image of 5 MB: 73 a second over ZeroMQ instead of 200 to 250 (`npm run bench -- wire`).
   */
  framesPassed(frames: readonly Buffer[]): void;
  bytesPassed(bytes: number): void;
  /**
   * Collects once a burst is over: 32 uploads of 20 MB leave 45 MB behind instead of 257 (`npm run bench -- load`).
   * @param inUse bytes of images in flight
   * @param kept bytes of images in a cache: no garbage, for which all of the heap would be marked in vain, 55 to 75 ms long
   * @returns stops it
   */
  startIdleGc(inUse: () => number, kept?: () => number): () => void;
}

/**
 * What `node` needs at its start, from bin/imgwire; without them nothing is collected by hand.
 * The second lets the heap triple before all of it is marked, since V8 counts the bytes of images as growth. The third
 * keeps the young generation to 16 MB, of which Node.js 20 lets it have 32 and 24 64: there, 2,000 requests at once take
 * 110 MB instead of 140.
 */
export const gcFlags: readonly string[] = ['--expose-gc', '--heap-growing-percent=200', '--max-semi-space-size=8'];

const bytesPerCollection = 4_194_304;

const checkMs = 1000;
/** Unused bytes for which the event loop is not held up. */
const slackBytes = 16_777_216;
/** Largest change between checks that still counts as idle, in bytes. */
const idleChangeBytes = 1_048_576;

/** Not process.memoryUsage(), which opens a file and fails where there are too many. */
const externalBytes = () => getHeapStatistics().external_memory;

/** @param collect what `--expose-gc` provides */
export function createGc(collect = globalThis.gc): Gc {
  let passed = 0;

  function bytesPassed(bytes: number): void {
    passed += bytes;
    if (passed < bytesPerCollection || collect === undefined) return;
    passed = 0;
    // The reply at hand goes out first.
    setImmediate(() => void collect({ type: 'minor', execution: 'sync' }));
  }

  return {
    bytesPassed,
    framesPassed: (frames) => bytesPassed(frames.reduce((sum, { length }) => sum + length, 0)),
    startIdleGc(inUse, kept = () => 0) {
      if (collect === undefined) return () => {};
      /** What the last collection left, beside what is kept. */
      let needed = externalBytes() - kept();
      let previous = externalBytes();
      const timer = setInterval(() => {
        const external = externalBytes();
        const isIdle = Math.abs(external - previous) < idleChangeBytes;
        previous = external;
        const unknown = external - kept();
        needed = Math.min(needed, unknown);
        if (!isIdle || inUse() > slackBytes || unknown < needed + slackBytes) return;
        void collect();
        needed = externalBytes() - kept();
      }, checkMs);
      return () => clearInterval(timer);
    },
  };
}
