import type { Logger } from '../../../log.ts';
import { sha256 } from '../../sha256.ts';
import { noImage } from '../errors.ts';
import type { Store, StoredBytes } from '../store.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { createDeletion } from './deletion.ts';
import { causeOf, isRefusal } from './errors.ts';
import { newestKey } from './keys.ts';
import { listById, listNewest } from './list.ts';
import { originalMetadata, storedAtOf } from './original.ts';
import { createResultStore } from './results.ts';

export type S3StoreOptions = BucketOptions & {
  /** Whether nodes share results through the bucket. */
  sharedResults: boolean;
  /** Starts also where the bucket refuses; default false. */
  isReplacement?: boolean;
  log: Logger;
};

const startTimeoutMs = 5000;

/**
 * Any number of processes and nodes may share the bucket. What is read is hashed and compared with its id, which a part
 * cannot be: so an image is always read as a whole. A store that is away does not prevent the start.
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

  async function reach(signal: AbortSignal | undefined): Promise<void> {
    if (isReached) return;
    await bucket.list({ limit: 1, signal });
    isReached = true;
  }

  await reach(AbortSignal.timeout(startTimeoutMs)).catch(({ cause }) => {
    if (isReplacement || !isRefusal(cause)) return log.warn({ err: cause }, 'store cannot be reached');
    const expected = 'Expected a bucket that can be listed for IMGWIRE_S3_BUCKET';
    throw new Error(`${expected} but received ${options.s3Bucket}: ${causeOf(cause)}: ${cause.message}`, { cause });
  });

  /** `not_found` only while the bucket exists. */
  async function missing(imageId: string, signal: AbortSignal | undefined): Promise<never> {
    await bucket.list({ limit: 1, signal });
    throw noImage(imageId, undefined);
  }

  async function put(imageId: string, bytes: Buffer, signal: AbortSignal | undefined): Promise<{ created: boolean }> {
    if ((await bucket.head(imageId, { signal })) !== undefined) return { created: false };
    const storedAt = Date.now();
    const marker = newestKey({ imageId, storedAt });
    // First, so that a crash leaves no image without marker.
    await bucket.put(marker, Buffer.alloc(0), { signal });
    const metadata = originalMetadata(storedAt);
    const { created } = await bucket.put(imageId, bytes, { ifAbsent: true, sha256: imageId, metadata, signal });
    if (created || (await isOwn())) return { created: true };
    await bucket.delete([marker], { signal });
    return { created: false };

    /** A try whose answer was lost may have stored it. */
    async function isOwn(): Promise<boolean> {
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
    ready: reach,
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
      if ((await bucket.head(imageId, { signal })) === undefined) await missing(imageId, signal);
    },

    async delete(imageId, signal) {
      const object = await bucket.head(imageId, { signal });
      if (object !== undefined) {
        await deletion.bury(imageId, signal);
        const stored = storedAtOf(imageId, object.metadata);
        await bucket.delete([imageId, ...(stored === undefined ? [] : [newestKey(stored)])], { signal });
      }
      // Those of a deletion that has failed on its way, too.
      await deletion.removeResults(imageId, signal);
      if (object === undefined) await missing(imageId, signal);
    },

    list: (options) => (options.order === 'newest' ? listNewest(bucket, options) : listById(bucket, options)),

    results: sharedResults ? createResultStore(bucket) : undefined,
    deletions: deletion.since,

    close: bucket.close,
  };
}
