import type { AcceptedFormat, LaneRequest } from '../../contract/lane.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { Parameters } from '../../contract/parameters.ts';
import type { Presets } from '../../contract/presets.ts';
import type { DiskCache } from '../cache/disk.ts';
import type { ResultKey } from '../cache/key.ts';
import type { MemoryCache } from '../cache/memory.ts';
import type { Result } from '../cache/result.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { type CacheInvalidation, createCacheInvalidation } from './cache-invalidation.ts';
import { createDeleteImage } from './delete-image.ts';
import { createGrantedUpload } from './granted-upload.ts';
import type { RequestContext } from './request-context.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { createResultKeys } from './result-keys.ts';
import type { RequestImage, ServiceReply } from './service-reply.ts';
import { createSingleFlight } from './single-flight.ts';
import type { StageObserver } from './stage-observer.ts';
import { createStoredImages, type StoredResize } from './stored-images.ts';
import { createWorkerClient } from './worker-client.ts';

/** The operations as both doors call them, with caching and single flight in front of the workers. */
export interface ImageService {
  /** @throws RequestError */
  perform<N extends OperationName>(
    request: LaneRequest<N>,
    context: RequestContext,
    image?: RequestImage,
  ): Promise<ServiceReply<N>>;
  /**
   * Bypasses caches and single flight, so that the worker encodes base64: for a large image it would block the event
   * loop.
   */
  forward(request: LaneRequest, context: RequestContext): Promise<Buffer[]>;
  /**
   * @param accept formats that the client accepts, for `format: auto`
   * @returns undefined if the result cannot be identified before a worker has answered
   * @throws RequestError for an unknown preset
   */
  keyOf(imageId: string, parameters?: Parameters, accept?: readonly AcceptedFormat[]): ResultKey | undefined;
  /** Looks up a result in the memory cache. */
  peek(key: ResultKey): Result | undefined;
  has(key: ResultKey): boolean;
  /** Whether a request for this result would join one in flight. */
  isInFlight(key: ResultKey): boolean;
}

export interface ImageServiceOptions {
  dispatcher: Pick<Dispatcher, 'dispatch'>;
  memory: MemoryCache;
  disk: DiskCache;
  presets: Presets;
  /** Version of the workers' pipeline; undefined before their first answer. */
  version(): string | undefined;
  observe?: StageObserver;
  /** Whether deletions at other nodes are known; until then the caches are bypassed. Default: always. */
  isCurrent?: () => boolean;
  /** Called for each image confirmed gone from the store. */
  onDeleted?: (imageId: string) => void;
}

/** Creates the image service from its parts: worker client, result cache, single flight. */
export function createImageService(
  options: ImageServiceOptions,
): ImageService & Pick<ResultCache, 'lookups'> & { invalidation: CacheInvalidation } {
  const { dispatcher, memory, disk, presets, version, observe = () => {} } = options;
  const { isCurrent = () => true, onDeleted = () => {} } = options;
  const workers = createWorkerClient(dispatcher, observe);
  const cache = createResultCache(memory, disk, observe, isCurrent);
  const singleFlight = createSingleFlight();
  const resultKeys = createResultKeys(presets, version);
  const stored = createStoredImages({ workers, cache, singleFlight, resultKeys });
  const grantedUpload = createGrantedUpload(workers);
  const invalidation = createCacheInvalidation(cache, singleFlight);
  const deleteImage = createDeleteImage({ workers, invalidation, onDeleted });

  async function perform(request: LaneRequest, context: RequestContext, image?: RequestImage): Promise<ServiceReply> {
    switch (request.operation) {
      case 'upload':
        if (context.permission.grant === undefined) break;
        return grantedUpload(request, context.permission.grant, context, image);
      case 'resize':
        if (request.image_id === undefined) break;
        if (request.variants !== undefined) return stored.makeVariants(request as StoredResize, context);
        return stored.resize(request as StoredResize, context);
      case 'retrieve':
        return stored.retrieve(request, context);
      case 'delete':
        return deleteImage(request.image_id, context);
    }
    return workers.ask(request, context, image);
  }

  return {
    perform: perform as ImageService['perform'],
    forward(request, context) {
      if (request.operation === 'retrieve') cache.lookups.memory.misses += 1;
      return workers.forward(request, context);
    },
    keyOf: resultKeys.keyOf,
    peek: cache.peek,
    has: cache.has,
    lookups: cache.lookups,
    invalidation,
    isInFlight: ({ text }) => singleFlight.isRunning(text),
  };
}
