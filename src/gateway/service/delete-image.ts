import { RequestError } from '../../contract/errors.ts';
import { deadlinePassed } from '../dispatch/errors.ts';
import type { RequestContext } from './request-context.ts';
import type { ResultCache } from './result-cache.ts';
import type { ServiceReply } from './service-reply.ts';
import type { SingleFlight } from './single-flight.ts';
import type { Caller, WorkerClient } from './worker-client.ts';

export interface DeleteOptions {
  workers: WorkerClient;
  cache: ResultCache;
  singleFlight: SingleFlight;
  /** Called once it is gone here. */
  onDeleted(imageId: string): void;
}

/** Deletes an image and all that was made from it or with it; what is in flight for it is answered `not_found`. */
export type DeleteImage = (imageId: string, context: RequestContext) => Promise<ServiceReply<'delete'>>;

export function createDeleteImage({ workers, cache, singleFlight, onDeleted }: DeleteOptions): DeleteImage {
  function forget(imageId: string): Promise<void> {
    singleFlight.invalidate(imageId);
    return cache.forget(imageId);
  }

  async function remove(imageId: string, caller: Caller): Promise<ServiceReply<'delete'>> {
    await forget(imageId);
    let reply: ServiceReply<'delete'>;
    try {
      reply = await workers.ask<'delete'>({ operation: 'delete', image_id: imageId }, caller);
      const message = `No image ${imageId}: it was deleted meanwhile`;
      singleFlight.cancel(imageId, new RequestError('not_found', message, { parameter: 'image_id' }));
    } finally {
      await forget(imageId);
    }
    onDeleted(imageId);
    return reply;
  }

  return (imageId, context) => {
    const { requestId, door, timings, arrivedAt, deadline } = context;
    const { signal } = new AbortController();
    // A deletion that has begun goes on without its caller, and for longer, so that the caches are told of its end.
    const removed = remove(imageId, { requestId, door, timings, deadline: 2 * deadline - arrivedAt, signal });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(deadlinePassed()), deadline - performance.now());
      removed.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };
}
