import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of images that come or go before those that nobody holds any more are freed. */
const passedBytes = 4_194_304;

/**
 * How much the heap may grow before all of it is marked. V8 counts the bytes of images as if they were part of it,
 * and by its own measure two large ones are reason enough.
 */
const growth = '--heap-growing-percent=200';

/** Frees the bytes of images in time. They lie outside of the heap that V8 looks at. */
export interface Collector {
  /**
   * To be told of the frames that came or go. Of an image, V8 sees the bytes and nothing else that grows:
   * left alone it collects the young objects too seldom, and marks the whole heap instead,
   * in steps of 5 to 10 ms for every second one of 5 MB. A collection of the young objects takes less than one.
   */
  passed(frames: readonly Buffer[]): void;
  /** Collects all that nobody holds any more, which takes up to 25 ms. */
  collectAll(): void;
}

export function createCollector(): Collector {
  setFlagsFromString('--expose-gc');
  setFlagsFromString(growth);
  const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');
  let passed = 0;
  return {
    passed(frames) {
      for (const { length } of frames) passed += length;
      if (passed < passedBytes) return;
      passed = 0;
      // The reply at hand goes out first.
      setImmediate(collect, { type: 'minor' });
    },
    collectAll: () => collect(),
  };
}
