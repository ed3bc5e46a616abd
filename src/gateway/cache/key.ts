import { identifyResult, type ResultIdentity } from '../../contract/result-key.ts';

/** Identity of a result; its cache key, entity tag and file name all derive from it. */
export interface ResultKey extends ResultIdentity {
  /** Strong entity tag (RFC 9110, 8.8.3), quotes included. */
  readonly etag: string;
  /** Ids of the images it depends on in the format of Cache-Tag, for caches that purge by tag. */
  readonly cacheTag: string;
  /** The same ids in the format of Surrogate-Key. */
  readonly surrogateKey: string;
}

/** Key of an original. */
export function originalKey(imageId: string): ResultKey {
  const digest = imageId.slice(0, 32);
  return { imageId, watermarkId: undefined, text: imageId, etag: `"${imageId}"`, digest, ...tagsOf([imageId]) };
}

/** @param text identity of a result, from `resultText` */
export function variantKey(text: string): ResultKey {
  const identity = identifyResult(text);
  const { imageId, watermarkId, digest } = identity;
  const tags = tagsOf(watermarkId === undefined || watermarkId === imageId ? [imageId] : [imageId, watermarkId]);
  return { ...identity, etag: `"${digest}"`, ...tags };
}

function tagsOf(ids: readonly string[]): Pick<ResultKey, 'cacheTag' | 'surrogateKey'> {
  return { cacheTag: ids.join(), surrogateKey: ids.join(' ') };
}
