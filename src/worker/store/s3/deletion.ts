import { RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import type { Logger } from '../../../log.ts';
import type { Deletions } from '../store.ts';
import type { Bucket } from './bucket.ts';
import {
  fromResultKey,
  fromTombstoneKey,
  fromWatermarkedKey,
  resultKey,
  resultsOf,
  tombstoneKey,
  tombstonesAfter,
  tombstonesPrefix,
  watermarkedKey,
  watermarkedWith,
} from './keys.ts';
import { keysIn } from './keys-in.ts';

/** Whoever was away for longer has to forget all that it had cached. */
const keptMs = 30 * 24 * 3_600_000;
const sweepEveryMs = 3_600_000;
/** Most that the clocks of two nodes may differ: a tombstone is read again for so long. */
const skewMs = 60_000;

/** What is left of deleted images: their tombstones, and until they are removed, their results. */
export function createDeletion(bucket: Bucket, log: Logger) {
  let sweepAt = 0;

  async function sweep(now: number): Promise<void> {
    if (now < sweepAt) return;
    sweepAt = now + sweepEveryMs;
    for await (const keys of keysIn(bucket, { prefix: tombstonesPrefix })) {
      const old = keys.filter((key) => (fromTombstoneKey(key)?.deletedAt ?? now) < now - keptMs);
      if (old.length > 0) await bucket.delete(old);
      if (old.length < keys.length) return;
    }
  }

  return {
    /** Marks an image as deleted, before anything of it is. */
    bury: (imageId: string, signal: AbortSignal | undefined) =>
      bucket.put(tombstoneKey({ imageId, deletedAt: Date.now() }), Buffer.alloc(0), { signal }),

    /** Removes all results of an image, and all that it is laid over. */
    async removeResults(imageId: string, signal: AbortSignal | undefined): Promise<void> {
      for await (const keys of keysIn(bucket, { prefix: resultsOf(imageId), signal })) {
        const markers = keys.flatMap((key) => {
          const result = fromResultKey(key);
          return result?.watermarkId === undefined
            ? []
            : [watermarkedKey({ ...result, watermarkId: result.watermarkId })];
        });
        await bucket.delete([...keys, ...markers], { signal });
      }
      for await (const markers of keysIn(bucket, { prefix: watermarkedWith(imageId), signal })) {
        const results = markers.flatMap((key) => {
          const result = fromWatermarkedKey(key);
          return result === undefined ? [] : [resultKey(result)];
        });
        // The markers last: they tell what is to be removed.
        await bucket.delete(results, { signal });
        await bucket.delete(markers, { signal });
      }
    },

    async since(cursor: string, signal: AbortSignal | undefined): Promise<Deletions> {
      const now = Date.now();
      sweep(now).catch((error) => log.warn({ err: error }, 'old tombstones cannot be removed'));
      const next = String(now - skewMs);
      if (cursor !== '' && !/^\d{13}$/.test(cursor)) {
        throw new RequestError(
          'invalid_request',
          `Expected deletions_cursor of an earlier reply for deletions_after but received ${received(cursor)}`,
          { parameter: 'deletions_after' },
        );
      }
      const imageIds = new Set<string>();
      const startAfter = cursor === '' ? undefined : tombstonesAfter(Number(cursor));
      for await (const keys of keysIn(bucket, { prefix: tombstonesPrefix, startAfter, signal })) {
        for (const key of keys) {
          const tombstone = fromTombstoneKey(key);
          if (tombstone !== undefined) imageIds.add(tombstone.imageId);
        }
      }
      return { imageIds: [...imageIds], cursor: next > cursor ? next : cursor };
    },
  };
}
