import { RequestError } from '../../contract/errors.ts';
import type { ResultCache } from './result-cache.ts';
import type { SingleFlight } from './single-flight.ts';

/** Invalidates everything that this node made from an image, whichever node deleted it. */
export interface CacheInvalidation {
  /** Drops every result made from an image or with it as watermark; requests in flight are answered but not cached. */
  invalidate(imageId: string): Promise<void>;
  /** Also answers requests in flight with `not_found`: call only once the image is gone from the store. */
  markDeleted(imageId: string): Promise<void>;
  /** Drops everything, in case deletions were missed. */
  invalidateAll(): Promise<void>;
}

export function createCacheInvalidation(cache: ResultCache, singleFlight: SingleFlight): CacheInvalidation {
  function invalidate(imageId: string): Promise<void> {
    singleFlight.invalidate(imageId);
    return cache.invalidate(imageId);
  }

  return {
    invalidate,
    markDeleted(imageId) {
      const message = `No image ${imageId}: it has just been deleted`;
      singleFlight.cancel(imageId, (parameter) => new RequestError('not_found', message, { parameter }));
      return invalidate(imageId);
    },
    invalidateAll() {
      singleFlight.invalidateAll();
      return cache.clear();
    },
  };
}
