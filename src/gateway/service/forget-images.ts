import { RequestError } from '../../contract/errors.ts';
import type { ResultCache } from './result-cache.ts';
import type { SingleFlight } from './single-flight.ts';

/** Makes this node forget images, whoever deleted them. */
export interface ForgetImages {
  /** Drops all that was made from an image or with it; what is in flight is answered, but not kept. */
  drop(imageId: string): Promise<void>;
  /** Also answers what is in flight with `not_found`: call it once the store does not have the image any more. */
  deleted(imageId: string): Promise<void>;
  /** Drops everything, for deletions that were missed. */
  dropAll(): Promise<void>;
}

export function createForgetImages(cache: ResultCache, singleFlight: SingleFlight): ForgetImages {
  function drop(imageId: string): Promise<void> {
    singleFlight.invalidate(imageId);
    return cache.forget(imageId);
  }

  return {
    drop,
    deleted(imageId) {
      const message = `No image ${imageId}: it was deleted meanwhile`;
      singleFlight.cancel(imageId, (parameter) => new RequestError('not_found', message, { parameter }));
      return drop(imageId);
    },
    dropAll() {
      singleFlight.invalidateAll();
      return cache.clear();
    },
  };
}
