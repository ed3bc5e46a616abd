import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import type { Logger } from '../../../log.ts';
import type { Deletions } from '../store.ts';
import type { Bucket } from './bucket.ts';
import {
  parseResultKey,
  parseTombstoneKey,
  parseWatermarkedKey,
  resultKey,
  resultsPrefixOf,
  tombstoneKey,
  tombstonesAfter,
  tombstonesPrefix,
  watermarkedKey,
  watermarkedPrefixOf,
} from './keys.ts';
import { listKeys } from './list-keys.ts';

/** A node that was away for longer has to drop its caches. */
const retentionMs = 30 * 24 * 3_600_000;
const sweepEveryMs = 3_600_000;
/** Largest difference between the clocks of two nodes: tombstones are read again for this long. */
const maxClockSkewMs = 60_000;

/** Creates the deletion part of the store: tombstones of deleted images, and the removal of their results. */
export function createDeletion(bucket: Bucket, log: Logger) {
  let sweepAt = 0;

  async function sweep(now: number): Promise<void> {
    if (now < sweepAt) return;
    sweepAt = now + sweepEveryMs;
    for await (const keys of listKeys(bucket, { prefix: tombstonesPrefix })) {
      const old = keys.filter((key) => (parseTombstoneKey(key)?.deletedAt ?? now) < now - retentionMs);
      if (old.length > 0) await bucket.delete(old);
      if (old.length < keys.length) return;
    }
  }

  return {
    /** Marks an image as deleted; to be called before anything of it is removed. */
    writeTombstone: (imageId: string, signal: AbortSignal | undefined) =>
      bucket.put(tombstoneKey({ imageId, deletedAt: Date.now() }), Buffer.alloc(0), { signal }),

    /** Removes all results made from an image, or with it as watermark. */
    async removeResults(imageId: string, signal: AbortSignal | undefined): Promise<void> {
      for await (const keys of listKeys(bucket, { prefix: resultsPrefixOf(imageId), signal })) {
        const markers = keys.flatMap((key) => {
          const result = parseResultKey(key);
          return result?.watermarkId === undefined
            ? []
            : [watermarkedKey({ ...result, watermarkId: result.watermarkId })];
        });
        await bucket.delete([...keys, ...markers], { signal });
      }
      for await (const markers of listKeys(bucket, { prefix: watermarkedPrefixOf(imageId), signal })) {
        const results = markers.flatMap((key) => {
          const result = parseWatermarkedKey(key);
          return result === undefined ? [] : [resultKey(result)];
        });
        // The markers last, as they name the results to remove.
        await bucket.delete(results, { signal });
        await bucket.delete(markers, { signal });
      }
    },

    /** Lists the images deleted since the cursor of an earlier call. */
    async since(cursor: string, signal: AbortSignal | undefined): Promise<Deletions> {
      const now = Date.now();
      sweep(now).catch((error) => log.warn({ err: error }, 'old tombstones cannot be removed'));
      const next = String(now - maxClockSkewMs);
      if (cursor !== '' && !/^\d{13}$/.test(cursor)) {
        throw new RequestError(
          'invalid_request',
          `Expected deletions_cursor of an earlier reply for deletions_after but received ${received(cursor)}`,
          { parameter: 'deletions_after' },
        );
      }
      const imageIds = new Set<string>();
      const startAfter = cursor === '' ? undefined : tombstonesAfter(Number(cursor));
      for await (const keys of listKeys(bucket, { prefix: tombstonesPrefix, startAfter, signal })) {
        for (const key of keys) {
          const tombstone = parseTombstoneKey(key);
          if (tombstone !== undefined) imageIds.add(tombstone.imageId);
        }
      }
      return { imageIds: [...imageIds], cursor: next > cursor ? next : cursor };
    },
  };
}
