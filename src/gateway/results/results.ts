import { errorOf, parseJson } from '../../contract/messages.ts';
import { type ErrorReply, operations, type RequestOf } from '../../contract/operations.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { type Presets, withPreset } from '../../contract/presets.ts';
import { canonicalOnce } from '../canonical.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { DiskCache } from './disk.ts';
import { deletedMeanwhile } from './errors.ts';
import { type Caller, createFlights, type Lead } from './flights.ts';
import type { MemoryCache } from './memory.ts';
import type { Result, ResultKey } from './result.ts';

/** A resize of a stored image, whose result can be kept: the image never changes. */
export type StoredResize = RequestOf<'resize'> & { image_id: string };

export function isStored(request: RequestOf<'resize'>): request is StoredResize {
  return request.image_id !== undefined;
}

/** Stands between the doors and the dispatcher: what was made lately is not made again, nor twice at once. */
export interface Results {
  /** Names a result, or without parameters the image itself, as long as the workers are of the same version. */
  keyOf(imageId: string, parameters?: Parameters): ResultKey;
  /** What is in memory, at once. */
  recall(key: ResultKey): Result | undefined;
  /** Whether it is in memory or on disk, without reading it. */
  has(key: ResultKey): boolean;
  /** Whether it is neither there nor under way, so that a worker has to be asked. */
  needsWorker(key: ResultKey): boolean;
  /** @throws RequestError */
  resize(request: StoredResize, caller: Caller): Promise<Result>;
  /**
   * The results of many parameter sets, in their order; those that are missing are made from the image at once.
   * @throws RequestError
   */
  resizeAll(imageId: string, sets: readonly Parameters[], caller: Caller): Promise<Result[]>;
  /**
   * An image as it was uploaded, or the part that is asked for.
   * @returns undefined where a worker is to answer: it reads a part without reading the whole
   * @throws RequestError
   */
  original(request: RequestOf<'retrieve'>, caller: Caller): Promise<Result | undefined>;
  /** Deletes an image by `perform`, which throws where it cannot, and all that was made from it: what is under way for it is answered `not_found`. */
  delete<T>(imageId: string, perform: () => Promise<T>): Promise<T>;
}

export interface ResultsOptions {
  dispatcher: Pick<Dispatcher, 'dispatch'>;
  memory: MemoryCache;
  disk: DiskCache;
  /** What `preset` stands for. */
  presets: Presets;
  /** What the workers said of their version; undefined before the first ping. */
  version(): string | undefined;
}

/**
 * Largest image that is kept in memory as it was uploaded, in bytes. A retrieve has its price
 * however small the image is; of a large one it is mostly the bytes that cost, and the kernel has those in memory anyway.
 */
const largestOriginal = 1_048_576;

export function createResults({ dispatcher, memory, disk, presets, version }: ResultsOptions): Results {
  const flights = createFlights();

  const originalKey = (imageId: string): ResultKey => ({ imageId, text: imageId });
  const variantKey = (imageId: string, parameters: Parameters): ResultKey => ({
    imageId,
    text: `${imageId}?${canonicalOnce(parameters)} ${version()}`,
  });

  const keyOf = (imageId: string, parameters?: Parameters) =>
    parameters === undefined ? originalKey(imageId) : variantKey(imageId, parameters);
  const isKept = (key: ResultKey) => memory.get(key) !== undefined || disk.has(key);

  async function ask(request: RequestOf, input: string | undefined, lead: Lead) {
    const json = { ...request, request_id: lead.requestId, transfer_encoding: 'binary' };
    const [reply, ...images] = await dispatcher.dispatch({
      frames: [Buffer.from(JSON.stringify(json))],
      weight: operations[request.operation].weight,
      input,
      ...lead,
    });
    const answer = parseJson(reply as Buffer) as { status: 'success' } | ErrorReply;
    if (answer.status === 'error') throw errorOf(answer);
    const { status: _, message: __, request_id: ___, ...fields } = answer as unknown as Record<string, unknown>;
    return { fields, images };
  }

  /** Keeps a result, unless its image has been deleted since the work for it was begun. */
  function keep(key: ResultKey, result: Result, lead: Lead, onDisk: boolean): void {
    if (!lead.mayKeep()) return;
    memory.set(key, result);
    if (onDisk) disk.write(key, result);
  }

  async function fromDisk(key: ResultKey, lead: Lead): Promise<Result | undefined> {
    const started = performance.now();
    const stored = await disk.read(key);
    lead.times.cache += performance.now() - started;
    if (stored !== undefined) keep(key, stored, lead, false);
    return stored;
  }

  return {
    keyOf,
    recall: memory.get,
    has: isKept,
    needsWorker: (key) => !flights.isUnderWay(key) && !isKept(key),
    async resize(request, caller) {
      const parameters = withPreset(pickParameters(request), presets);
      const key = variantKey(request.image_id, parameters);
      const known = memory.get(key);
      if (known !== undefined) {
        if (caller.times) caller.times.isHit = true;
        return known;
      }
      return flights.join(key, caller, async (lead) => {
        const stored = await fromDisk(key, lead);
        if (stored !== undefined) {
          lead.times.isHit = true;
          return stored;
        }
        const { image_id } = request;
        const asked = { operation: 'resize', image_id, ...parameters } as const;
        const { fields, images } = await ask(asked, image_id, lead);
        const made = { fields, image: images[0] } as Result;
        keep(key, made, lead, true);
        return made;
      });
    },
    async resizeAll(image_id, given, caller) {
      const sets = given.map((set) => withPreset(set, presets));
      const keys = sets.map((set) => variantKey(image_id, set));
      const text = `${image_id} ${keys.map((key) => key.text).join(' ')}`;
      return flights.join({ imageId: image_id, text }, caller, async (lead) => {
        const known = await Promise.all(keys.map((key) => memory.get(key) ?? fromDisk(key, lead)));
        const missing = sets.filter((_, index) => known[index] === undefined);
        if (missing.length === 0) return known as Result[];
        const asked = { operation: 'resize', image_id, variants: missing } as const;
        const { fields, images } = await ask(asked, image_id, lead);
        const made = (fields.variants as Result['fields'][]).map((one, i) => ({ fields: one, image: images[i] }));
        return keys.map((key, index) => {
          const stored = known[index];
          if (stored !== undefined) return stored;
          const result = made.shift() as Result;
          keep(key, result, lead, true);
          return result;
        });
      });
    },
    async original(request, caller) {
      const { image_id, offset = 0, length } = request;
      const key = originalKey(image_id);
      const known = memory.get(key);
      if (known !== undefined) {
        const { fields, image } = known;
        // The workers have the words for an offset beyond the end.
        if (offset > image.length) return undefined;
        return { fields, image: image.subarray(offset, length === undefined ? undefined : offset + length) };
      }
      if (request.offset !== undefined || length !== undefined) return undefined;
      return flights.join(key, caller, async (lead) => {
        const { fields, images } = await ask({ operation: 'retrieve', image_id }, undefined, lead);
        const whole = { fields, image: images[0] } as Result;
        if (whole.image.length <= largestOriginal) keep(key, whole, lead, false);
        return whole;
      });
    },
    async delete(imageId, perform) {
      const forget = () => {
        flights.spoil(imageId);
        memory.forget(imageId);
        return disk.forget(imageId);
      };
      // Before as well, so that a crash in between leaves nothing behind that outlives the image.
      await forget();
      try {
        const outcome = await perform();
        flights.cancel(imageId, deletedMeanwhile(imageId));
        return outcome;
      } finally {
        // After, for what was read from the store just before the image was gone; who was not told may have deleted it all the same.
        await forget();
      }
    },
  };
}
