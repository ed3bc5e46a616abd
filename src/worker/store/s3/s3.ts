import type { Logger } from '../../../log.ts';
import { sha256 } from '../../sha256.ts';
import { noImage } from '../errors.ts';
import type { Store, StoredBytes } from '../store.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { createDeletion } from './deletion.ts';
import { errorName, isPermanent } from './errors.ts';
import { newestKey } from './keys.ts';
import { listById, listNewest } from './list.ts';
import { originalMetadata, storedAtOf } from './original-metadata.ts';
import { createResultStore } from './results.ts';

export type S3StoreOptions = BucketOptions & {
  /** Whether nodes share results through the bucket. */
  sharedResults: boolean;
  /** Starts even if the bucket refuses access; default false. */
  isReplacement?: boolean;
  log: Logger;
};

const startTimeoutMs = 5000;

/**
 * Opens a store in a bucket, which any number of processes and nodes may share. An image is always read as a whole,
 * since only all of its bytes can be verified against its id. An unreachable bucket does not prevent the start.
 * @throws Error that names a bucket it may not list, unless for a replacement
 */
export async function createS3Store({
  log,
  sharedResults,
  isReplacement = false,
  ...options
}: S3StoreOptions): Promise<Store> {
  const bucket = await openBucket(options);
  const deletion = createDeletion(bucket, log);
  let isReached = false;

  async function ensureReached(signal: AbortSignal | undefined): Promise<void> {
    if (isReached) return;
    await bucket.list({ limit: 1, signal });
    isReached = true;
  }

  await ensureReached(AbortSignal.timeout(startTimeoutMs)).catch(({ cause }) => {
    if (isReplacement || !isPermanent(cause)) return log.warn({ err: cause }, 'store cannot be reached');
    const expected = 'Expected a bucket that can be listed for IMGWIRE_S3_BUCKET';
    throw new Error(`${expected} but received ${options.s3Bucket}: ${errorName(cause)}: ${cause.message}`, { cause });
  });

  /** Throws `not_found` only if the bucket exists. */
  async function throwNotFound(imageId: string, signal: AbortSignal | undefined): Promise<never> {
    await bucket.list({ limit: 1, signal });
    throw noImage(imageId, undefined);
  }

  async function put(imageId: string, bytes: Buffer, signal: AbortSignal | undefined): Promise<{ created: boolean }> {
    if ((await bucket.head(imageId, { signal })) !== undefined) return { created: false };
    const storedAt = Date.now();
    const marker = newestKey({ imageId, storedAt });
    // Before the image, so that a crash leaves none without a marker.
    await bucket.put(marker, Buffer.alloc(0), { signal });
    const metadata = originalMetadata(storedAt);
    const { created } = await bucket.put(imageId, bytes, { ifAbsent: true, sha256: imageId, metadata, signal });
    if (created || (await isOwnUpload())) return { created: true };
    await bucket.delete([marker], { signal });
    return { created: false };

    /** Whether the object is ours after all: an attempt may have stored it and lost the response. */
    async function isOwnUpload(): Promise<boolean> {
      const object = await bucket.head(imageId, { signal });
      return object !== undefined && storedAtOf(imageId, object.metadata)?.storedAt === storedAt;
    }
  }

  async function read(imageId: string, signal: AbortSignal | undefined): Promise<StoredBytes> {
    const object = await bucket.get(imageId, { signal });
    if (object === undefined) throw noImage(imageId, undefined);
    const { bytes, modifiedAt } = object;
    const hash = await sha256(bytes);
    if (hash === imageId) return { bytes, createdAt: modifiedAt };
    throw new Error(
      `Expected the object ${imageId} to hold that image but received ${bytes.length} bytes with the SHA-256 ${hash}`,
    );
  }

  return {
    ready: ensureReached,
    put,
    read,

    async open(imageId, signal) {
      const { bytes } = await read(imageId, signal);
      return {
        size: bytes.length,
        read: async ({ offset = 0, length = bytes.length }) => bytes.subarray(offset, offset + length),
        close() {},
      };
    },

    async check(imageId, signal) {
      if ((await bucket.head(imageId, { signal })) === undefined) await throwNotFound(imageId, signal);
    },

    async delete(imageId, signal) {
      const object = await bucket.head(imageId, { signal });
      if (object !== undefined) {
        await deletion.writeTombstone(imageId, signal);
        const stored = storedAtOf(imageId, object.metadata);
        await bucket.delete([imageId, ...(stored === undefined ? [] : [newestKey(stored)])], { signal });
      }
      // Even if the image is gone: an earlier deletion may have failed halfway.
      await deletion.removeResults(imageId, signal);
      if (object === undefined) await throwNotFound(imageId, signal);
    },

    list: (options) => (options.order === 'newest' ? listNewest(bucket, options) : listById(bucket, options)),

    results: sharedResults ? createResultStore(bucket) : undefined,
    deletions: deletion.since,

    close: bucket.close,
  };
}
