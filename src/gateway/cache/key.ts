import { hash } from 'node:crypto';

/** The one identity of a result: its place in the caches, its entity tag and the name of its file follow from it. */
export interface ResultKey {
  readonly imageId: string;
  /** The stored image that is laid over it. */
  readonly watermarkId: string | undefined;
  /** The same for all requests that mean the same, under one version of the workers. */
  readonly text: string;
  /** Strong entity tag (RFC 9110, 8.8.3), with its quotes. */
  readonly etag: string;
  /** 32 lowercase hex digits for the name of its file. */
  readonly digest: string;
  /** Ids of the images it depends on, as Cache-Tag has them, for caches that drop what has a tag. */
  readonly cacheTag: string;
  /** The same as Surrogate-Key has them. */
  readonly surrogateKey: string;
}

export function originalKey(imageId: string): ResultKey {
  const digest = imageId.slice(0, 32);
  return { imageId, watermarkId: undefined, text: imageId, etag: `"${imageId}"`, digest, ...tagsOf([imageId]) };
}

/**
 * Names an image made from a stored one.
 * @param canonical what `canonicalParameters` makes of its parameters: presets expanded, and `format` never `auto`
 * @param version of the pipeline and its codecs, which the bytes depend on
 */
export function variantText(imageId: string, canonical: string, version: string): string {
  return `${imageId}?${canonical} ${version}`;
}

const idLength = 64;
const watermark = /[?&]watermark=([0-9a-f]{64})/;

export function variantKey(text: string): ResultKey {
  const digest = hash('sha256', text).slice(0, 32);
  const imageId = text.slice(0, idLength);
  const watermarkId = watermark.exec(text)?.[1];
  const tags = tagsOf(watermarkId === undefined || watermarkId === imageId ? [imageId] : [imageId, watermarkId]);
  return { imageId, watermarkId, text, etag: `"${digest}"`, digest, ...tags };
}

function tagsOf(ids: readonly string[]): Pick<ResultKey, 'cacheTag' | 'surrogateKey'> {
  return { cacheTag: ids.join(), surrogateKey: ids.join(' ') };
}
