import { createHash } from 'node:crypto';
import type { VerifyOptions } from '../verify.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { afterIds, isImageKey } from './keys.ts';

const objectsAtOnce = 8;
const maxListed = 1000;

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
      const sha256 = createHash('sha256').update(object.bytes).digest('hex');
      if (sha256 !== imageId) onDamage({ path: imageId, problem: `${object.size} bytes with the SHA-256 ${sha256}` });
    }
  }

  try {
    await Promise.all(Array.from({ length: objectsAtOnce }, checkInTurn));
  } finally {
    bucket.close();
  }
}

async function* imagesIn(bucket: Bucket): AsyncGenerator<string> {
  let startAfter: string | undefined;
  for (;;) {
    const { objects, isTruncated } = await bucket.list({ limit: maxListed, startAfter });
    for (const { key } of objects) {
      if (key >= afterIds) return;
      if (isImageKey(key)) yield key;
    }
    if (!isTruncated) return;
    startAfter = objects.at(-1)?.key;
  }
}
