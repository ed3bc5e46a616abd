import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees image buffers early: V8 does not see their size when it decides when to collect. */
export interface Gc {
  /**
   * Counts frames sent or received, and collects the young generation every few megabytes, in under 1 ms. Left alone,
   * V8 marks the whole heap for every second image of 5 MB: 73 a second over ZeroMQ instead of 200 to 250
   * (`npm run bench -- wire`).
   */
  countFrames(frames: readonly Buffer[]): void;
  countBytes(bytes: number): void;
  /**
   * Collects once a burst is over: 32 uploads of 20 MB leave 45 MB behind instead of 257 (`npm run bench -- load`).
   * @param inFlightBytes bytes of images in flight
   * @param cachedBytes bytes of images in a cache: these are no garbage, and marking the whole heap for them,
   *   which takes 55 to 75 ms, would free nothing
   * @returns a function that stops it
   */
  startIdleGc(inFlightBytes: () => number, cachedBytes?: () => number): () => void;
}

/**
 * V8 flags of the gateway, from bin/imgwire or `setGcFlags`, and of the workers; `createGc` does nothing without the first.
 * The second lets the heap triple before a full mark, since V8 counts image bytes as growth. The third limits the young
 * generation to 16 MB (default: 32 on Node.js 20, 64 on 24): on 24, 2,000 concurrent requests take 110 MB instead of 140.
 */
export const gcFlags: readonly string[] = ['--expose-gc', '--heap-growing-percent=200', '--max-semi-space-size=8'];

/** Sets these flags if `node` was started without the first, as by Yarn 4; the third has no effect once V8 runs. */
export function setGcFlags(): void {
  if (globalThis.gc !== undefined) return;
  for (const flag of gcFlags) setFlagsFromString(flag);
  // Contexts made before the flag was set have no `gc`.
  globalThis.gc = runInNewContext('gc');
}

const bytesPerCollection = 4_194_304;

const checkEveryMs = 1000;
/** Garbage, in bytes, that is not worth blocking the event loop for. */
const slackBytes = 16_777_216;
/** Largest change between checks that still counts as idle, in bytes. */
const idleChangeBytes = 1_048_576;

/** process.memoryUsage() would open a file, which fails when descriptors have run out. */
const externalBytes = () => getHeapStatistics().external_memory;

/** @param collect what `--expose-gc` provides */
export function createGc(collect = globalThis.gc): Gc {
  let bytesSinceCollection = 0;

  function countBytes(bytes: number): void {
    bytesSinceCollection += bytes;
    if (bytesSinceCollection < bytesPerCollection || collect === undefined) return;
    bytesSinceCollection = 0;
    // Deferred, to send the current reply first.
    setImmediate(() => void collect({ type: 'minor', execution: 'sync' }));
  }

  return {
    countBytes,
    countFrames: (frames) => countBytes(frames.reduce((sum, { length }) => sum + length, 0)),
    startIdleGc(inFlightBytes, cachedBytes = () => 0) {
      if (collect === undefined) return () => {};
      /** Uncached bytes that the last collection left. */
      let baseline = externalBytes() - cachedBytes();
      let previous = externalBytes();
      const timer = setInterval(() => {
        const external = externalBytes();
        const isIdle = Math.abs(external - previous) < idleChangeBytes;
        previous = external;
        const uncached = external - cachedBytes();
        baseline = Math.min(baseline, uncached);
        if (!isIdle || inFlightBytes() > slackBytes || uncached < baseline + slackBytes) return;
        void collect();
        baseline = externalBytes() - cachedBytes();
      }, checkEveryMs);
      return () => clearInterval(timer);
    },
  };
}
