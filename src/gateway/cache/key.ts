import { identifyResult, type ResultIdentity } from '../../contract/result-key.ts';

/** The one identity of a result: its place in the caches, its entity tag and the name of its file follow from it. */
export interface ResultKey extends ResultIdentity {
  /** Strong entity tag (RFC 9110, 8.8.3), with its quotes. */
  readonly etag: string;
  /** Ids of the images it depends on, as Cache-Tag has them, for caches that drop what has a tag. */
  readonly cacheTag: string;
  /** The same as Surrogate-Key has them. */
  readonly surrogateKey: string;
}

export function originalKey(imageId: string): ResultKey {
  const digest = imageId.slice(0, 32);
  return { imageId, watermarkId: undefined, text: imageId, etag: `"${imageId}"`, digest, ...tagsOf([imageId]) };
}

export function variantKey(text: string): ResultKey {
  const identity = identifyResult(text);
  const { imageId, watermarkId, digest } = identity;
  const tags = tagsOf(watermarkId === undefined || watermarkId === imageId ? [imageId] : [imageId, watermarkId]);
  return { ...identity, etag: `"${digest}"`, ...tags };
}

function tagsOf(ids: readonly string[]): Pick<ResultKey, 'cacheTag' | 'surrogateKey'> {
  return { cacheTag: ids.join(), surrogateKey: ids.join(' ') };
}
