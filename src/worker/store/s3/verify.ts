import { sha256 } from '../../sha256.ts';
import type { VerifyOptions } from '../verify.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { afterIds, isImageKey } from './keys.ts';
import { keysIn } from './keys-in.ts';

const objectsAtOnce = 8;

/**
 * Hashes all images of a bucket again and changes nothing. Others may use the bucket meanwhile.
 * @throws RequestError `store_unavailable`
 */
export async function verifyS3Store(
  options: BucketOptions & Pick<VerifyOptions, 'onDamage' | 'onImage'>,
): Promise<void> {
  const { onDamage, onImage } = options;
  const bucket = await openBucket(options);
  const all = imagesIn(bucket);

  async function checkInTurn(): Promise<void> {
    for await (const imageId of all) {
      const object = await bucket.get(imageId);
      // Deleted meanwhile.
      if (object === undefined) continue;
      onImage(imageId, object.size);
      const hash = await sha256(object.bytes);
      if (hash !== imageId) onDamage({ path: imageId, problem: `${object.size} bytes with the SHA-256 ${hash}` });
    }
  }

  try {
    await Promise.all(Array.from({ length: objectsAtOnce }, checkInTurn));
  } finally {
    bucket.close();
  }
}

async function* imagesIn(bucket: Bucket): AsyncGenerator<string> {
  for await (const keys of keysIn(bucket, {})) {
    for (const key of keys) {
      if (key >= afterIds) return;
      if (isImageKey(key)) yield key;
    }
  }
}
