import { RequestError } from '../../contract/errors.ts';
import { deadlinePassed } from '../dispatch/errors.ts';
import type { CacheInvalidation } from './cache-invalidation.ts';
import type { RequestContext } from './request-context.ts';
import type { ServiceReply } from './service-reply.ts';
import type { Caller, WorkerClient } from './worker-client.ts';

export interface DeleteOptions {
  workers: WorkerClient;
  invalidation: CacheInvalidation;
  /** Called for each image that the store does not have any more, also where another deletion removed it. */
  onDeleted(imageId: string): void;
}

/** Deletes an image and all that was made from it or with it; what is in flight for it is answered `not_found`. */
export type DeleteImage = (imageId: string, context: RequestContext) => Promise<ServiceReply<'delete'>>;

export function createDeleteImage({ workers, invalidation, onDeleted }: DeleteOptions): DeleteImage {
  async function remove(imageId: string, caller: Caller): Promise<ServiceReply<'delete'>> {
    await invalidation.invalidate(imageId);
    try {
      const reply = await workers.ask<'delete'>({ operation: 'delete', image_id: imageId }, caller);
      await gone(imageId);
      return reply;
    } catch (error) {
      // Perhaps deleted by an earlier try that ended in a timeout, of which nobody knows.
      if (error instanceof RequestError && error.code === 'not_found') await gone(imageId);
      else await invalidation.invalidate(imageId);
      throw error;
    }
  }

  function gone(imageId: string): Promise<void> {
    onDeleted(imageId);
    return invalidation.markDeleted(imageId);
  }

  return (imageId, context) => {
    const { requestId, door, timings, hops, arrivedAt, deadline } = context;
    const { signal } = new AbortController();
    // A deletion that has begun goes on without its caller, and for longer, so that the caches are told of its end.
    const removed = remove(imageId, { requestId, door, timings, hops, deadline: 2 * deadline - arrivedAt, signal });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(deadlinePassed()), deadline - performance.now());
      removed.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };
}
