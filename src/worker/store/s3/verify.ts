import { sha256 } from '../../sha256.ts';
import type { VerifyOptions } from '../verify.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { afterIds, isImageKey } from './keys.ts';
import { listKeys } from './list-keys.ts';

const concurrency = 8;

/**
 * Rehashes all images of a bucket, and changes nothing. The bucket may be in use.
 * @throws RequestError `store_unavailable`
 */
export async function verifyS3Store(
  options: BucketOptions & Pick<VerifyOptions, 'onDamage' | 'onImage'>,
): Promise<void> {
  const { onDamage, onImage } = options;
  const bucket = await openBucket(options);
  const all = imagesIn(bucket);

  async function verifyRemaining(): Promise<void> {
    for await (const imageId of all) {
      const object = await bucket.get(imageId);
      // Deleted since it was listed.
      if (object === undefined) continue;
      onImage(imageId, object.size);
      const hash = await sha256(object.bytes);
      if (hash !== imageId) onDamage({ path: imageId, problem: `${object.size} bytes with the SHA-256 ${hash}` });
    }
  }

  try {
    await Promise.all(Array.from({ length: concurrency }, verifyRemaining));
  } finally {
    bucket.close();
  }
}

async function* imagesIn(bucket: Bucket): AsyncGenerator<string> {
  for await (const keys of listKeys(bucket, {})) {
    for (const key of keys) {
      if (key >= afterIds) return;
      if (isImageKey(key)) yield key;
    }
  }
}
