import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createGc } from '../gc.ts';
import type { Logger } from '../log.ts';
import { createHandler, type Handler } from './handle.ts';
import { createImages } from './images/images.ts';
import { openLane, type WorkerLane } from './lane.ts';
import { createLevels } from './levels/levels.ts';
import { createOperations } from './operations/operations.ts';
import { createSharedResults } from './shared-results.ts';
import { createSourceCache } from './source-cache.ts';
import { openStore } from './store/open-store.ts';

export interface WorkerOptions {
  config: Config;
  log: Logger;
  endpoints: readonly string[];
  /** Whether it replaces a worker that has served: an unusable folder then does not prevent the start. */
  isReplacement: boolean;
}

export interface Worker {
  /** Resolves once closed; rejects if a lane fails, which must end the process. */
  done: Promise<unknown>;
  isBusy(): boolean;
  /** Removes unfinished files that nobody else can use, before the process exits. */
  removeUnfinished(): void;
}

/**
 * Opens the store, the caches and the lanes of a worker.
 * @throws Error for an unusable store or endpoint
 */
export async function createWorker({ config, log, endpoints, isReplacement }: WorkerOptions): Promise<Worker> {
  const store = await openStore({ config, log, isReplacement });
  const levels = await createLevels({
    ...config,
    folder: config.cacheLevelDir || join(config.dataDir, 'cache', 'levels'),
    maxBytes: config.cacheLevelBytes,
    isReplacement,
    store,
    log,
  });
  const images = createImages({ ...config, levels, log });
  const sources = createSourceCache(store, images, config);
  const results = createSharedResults(store.results, log);
  const operations = createOperations({ config, store, sources, images, levels, results });
  const handle = createHandler({ operations, maxUploadBytes: config.maxUploadBytes, log });
  const gc = createGc();
  const stopIdleGc = gc.startIdleGc(() => 0);
  let inFlight = 0;
  const handleCounted: Handler = async (frames) => {
    inFlight += 1;
    try {
      const reply = await handle(frames);
      gc.countFrames(frames);
      gc.countFrames(reply);
      return reply;
    } finally {
      inFlight -= 1;
    }
  };
  const lanes: WorkerLane[] = [];
  const close = () => {
    stopIdleGc();
    for (const lane of lanes) lane.close();
    images.close();
    levels.close();
    store.close();
  };
  try {
    for (const endpoint of endpoints) lanes.push(await openLane(endpoint, handleCounted));
  } catch (error) {
    close();
    throw error;
  }
  return {
    done: Promise.all(lanes.map((lane) => lane.done)),
    isBusy: () => inFlight > 0,
    removeUnfinished: levels.close,
  };
}
