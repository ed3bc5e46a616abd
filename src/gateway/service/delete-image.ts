import { RequestError } from '../../contract/errors.ts';
import { deadlinePassed } from '../dispatch/errors.ts';
import type { CacheInvalidation } from './cache-invalidation.ts';
import type { RequestContext } from './request-context.ts';
import type { ServiceReply } from './service-reply.ts';
import type { JobContext, WorkerClient } from './worker-client.ts';

export interface DeleteOptions {
  workers: WorkerClient;
  invalidation: CacheInvalidation;
  /** Called for each image confirmed gone from the store, even if another deletion removed it. */
  onDeleted(imageId: string): void;
}

/** Deletes an image and every result made from it or with it; requests in flight for it are answered `not_found`. */
export type DeleteImage = (imageId: string, context: RequestContext) => Promise<ServiceReply<'delete'>>;

export function createDeleteImage({ workers, invalidation, onDeleted }: DeleteOptions): DeleteImage {
  async function remove(imageId: string, context: JobContext): Promise<ServiceReply<'delete'>> {
    await invalidation.invalidate(imageId);
    try {
      const reply = await workers.ask<'delete'>({ operation: 'delete', image_id: imageId }, context);
      await onGone(imageId);
      return reply;
    } catch (error) {
      // May have been deleted by an earlier attempt that timed out before its outcome was known.
      if (error instanceof RequestError && error.code === 'not_found') await onGone(imageId);
      else await invalidation.invalidate(imageId);
      throw error;
    }
  }

  function onGone(imageId: string): Promise<void> {
    onDeleted(imageId);
    return invalidation.markDeleted(imageId);
  }

  return (imageId, context) => {
    const { requestId, door, timings, hops, arrivedAt, deadline } = context;
    const { signal } = new AbortController();
    // Detached from its caller, and with more time: the caches must be invalidated when the deletion completes.
    const removed = remove(imageId, { requestId, door, timings, hops, deadline: 2 * deadline - arrivedAt, signal });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(deadlinePassed()), deadline - performance.now());
      removed.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };
}
