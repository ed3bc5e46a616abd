import { LRUCache } from 'lru-cache';
import { cutRange } from '../../contract/byte-range.ts';
import type { OutputFormat } from '../../contract/formats.ts';
import type { LaneReply, LaneRequest } from '../../contract/lane.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { versionOf } from '../../contract/result-key.ts';
import { parameterSets, type Variant } from '../../contract/variants.ts';
import { originalKey, type ResultKey } from '../cache/key.ts';
import type { ImageFields, Result } from '../cache/result.ts';
import type { RequestContext } from './request-context.ts';
import type { ResultCache } from './result-cache.ts';
import type { ResultKeys } from './result-keys.ts';
import type { ServiceReply } from './service-reply.ts';
import type { Leader, SingleFlight } from './single-flight.ts';
import type { WorkerClient } from './worker-client.ts';

/** A resize of a stored image. Its result can be cached, since stored images are immutable. */
export type StoredResize = LaneRequest<'resize'> & { image_id: string };

export interface StoredImagesOptions {
  workers: WorkerClient;
  cache: ResultCache;
  singleFlight: SingleFlight;
  resultKeys: ResultKeys;
}

type Identified = Result & { key: ResultKey | undefined };

/**
 * Largest original cached in memory, in bytes. Above it, moving the bytes is the cost, and the kernel caches files
 * anyway.
 */
const maxCachedOriginal = 1_048_576;

/** Images whose number of results is tracked; the least recently used are dropped. */
const maxCountedImages = 10_000;

/** Answers requests for stored images from the caches; on a miss, has a worker make the result once and caches it. */
export function createStoredImages({ workers, cache, singleFlight, resultKeys }: StoredImagesOptions) {
  const resultCounts = new LRUCache<string, number>({ max: maxCountedImages });

  /** Adds `more` results to an image's count, and returns the count before. */
  function countOthers(imageId: string, more: number): number {
    const others = resultCounts.get(imageId) ?? 0;
    resultCounts.set(imageId, others + more);
    return others;
  }

  async function make(request: StoredResize, requested: Parameters, leader: Leader): Promise<Identified> {
    const { image_id: imageId, accept } = request;
    const parameters = resultKeys.expand(requested, imageId, accept);
    const cacheKey = resultKeys.keyOf(imageId, requested, accept);
    const cached = cacheKey && (await cache.read(cacheKey, leader));
    if (cached !== undefined) {
      leader.timings.isHit = true;
      return { ...cached, key: cacheKey };
    }
    const others = countOthers(imageId, 1);
    const workerRequest = {
      operation: 'resize',
      image_id: imageId,
      ...parameters,
      ...(accept && { accept }),
      others,
    } as const;
    const { fields, images, version } = await workers.ask<'resize'>(workerRequest, leader);
    const result = { fields, image: images[0] } as Result;
    if (parameters.format === 'auto')
      resultKeys.recordChoice(imageId, requested, accept, fields.format as OutputFormat);
    const key = resultKeys.keyOf(imageId, requested, accept, version);
    if (key !== undefined) cache.write(key, result, leader, true);
    return { ...result, key };
  }

  async function makeAll(imageId: string, sets: readonly Parameters[], leader: Leader): Promise<Identified[]> {
    const keys = sets.map((set) => resultKeys.keyOf(imageId, set));
    const known = await Promise.all(keys.map((key) => key && (cache.get(key) ?? cache.read(key, leader))));
    const missing = sets.filter((_, index) => known[index] === undefined);
    const knownAt = (index: number) => ({ ...(known[index] as Result), key: keys[index] });
    if (missing.length === 0) return sets.map((_, index) => knownAt(index));
    const variants = missing.map((set) => resultKeys.expand(set, imageId, undefined));
    const others = countOthers(imageId, variants.length);
    const workerRequest = { operation: 'resize', image_id: imageId, variants, others } as const;
    const { fields, images, version } = await workers.ask<'resize'>(workerRequest, leader);
    const made = (fields as unknown as { variants: ImageFields[] }).variants.map((one, index) => ({
      fields: one,
      image: images[index] as Buffer,
    }));
    return sets.map((set, index) => {
      if (known[index] !== undefined) return knownAt(index);
      const result = made.shift() as Result;
      const key = resultKeys.keyOf(imageId, set, undefined, version);
      if (key !== undefined) cache.write(key, result, leader, true);
      return { ...result, key };
    });
  }

  return {
    async resize(request: StoredResize, context: RequestContext): Promise<ServiceReply<'resize'>> {
      const { image_id: imageId, accept } = request;
      const parameters = pickParameters(request);
      const key = resultKeys.keyOf(imageId, parameters, accept);
      const known = key && cache.get(key);
      if (known !== undefined) {
        context.timings.isHit = true;
        return toReply({ ...known, key });
      }
      const text = key?.text ?? resultKeys.requestText(imageId, parameters, accept);
      const watermarkIds = watermarksOf([resultKeys.expand(parameters, imageId, accept)]);
      const flight = { text, imageId, watermarkIds };
      return toReply(await singleFlight.join(flight, context, (leader) => make(request, parameters, leader)));
    },
    async makeVariants(request: StoredResize, context: RequestContext): Promise<ServiceReply<'resize'>> {
      const { image_id: imageId } = request;
      const sets = parameterSets(request);
      const text = sets.map((set) => resultKeys.requestText(imageId, set, undefined)).join(' + ');
      const watermarkIds = watermarksOf(sets.map((set) => resultKeys.expand(set, imageId, undefined)));
      const flight = { text: `variants ${text}`, imageId, watermarkIds };
      const made = await singleFlight.join(flight, context, (leader) => makeAll(imageId, sets, leader));
      const variants = made.map(({ fields }) => fields as Variant);
      const versions = new Set(made.map(({ key }) => key && versionOf(key)));
      const key = versions.size === 1 ? made[0]?.key : undefined;
      return { fields: { variants } as never, images: made.map(({ image }) => image), key };
    },
    async retrieve(request: LaneRequest<'retrieve'>, context: RequestContext): Promise<ServiceReply<'retrieve'>> {
      const { image_id: imageId, offset, length, range } = request;
      const key = originalKey(imageId);
      const known = cache.get(key);
      if (known !== undefined) return sliceOf(known, request);
      if (offset !== undefined || length !== undefined || range !== undefined) return workers.ask(request, context);
      const flight = { ...key, watermarkIds: [] };
      return toReply(await singleFlight.join(flight, context, (leader) => readOriginal(key, leader)));
    },
  };

  async function readOriginal(key: ResultKey, leader: Leader): Promise<Identified> {
    const { fields, images } = await workers.ask<'retrieve'>({ operation: 'retrieve', image_id: key.imageId }, leader);
    const original = { fields, image: images[0] } as Result;
    if (original.image.length <= maxCachedOriginal) cache.write(key, original, leader, false);
    return { ...original, key };
  }
}

function toReply({ fields, image, key }: Identified) {
  return { fields: fields as never, images: [image], key };
}

/** @throws RequestError if the offset is beyond the end */
function sliceOf({ fields, image }: Result, request: LaneRequest<'retrieve'>): ServiceReply<'retrieve'> {
  const { offset, bytes } = cutRange(image, request);
  return {
    fields: (request.range === undefined ? fields : { ...fields, offset }) as LaneReply<'retrieve'>,
    images: [bytes],
  };
}

function watermarksOf(sets: readonly Parameters[]): string[] {
  return sets.flatMap(({ watermark }) => (watermark === undefined ? [] : [watermark]));
}
