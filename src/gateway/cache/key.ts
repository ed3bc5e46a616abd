import { hash } from 'node:crypto';
import { canonicalParameters, type Parameters } from '../../contract/parameters.ts';

/** The one identity of a result: its place in the caches, its entity tag and the name of its file follow from it. */
export interface ResultKey {
  /** The stored image that the result is made from. */
  readonly imageId: string;
  /** The stored image that is laid over it. */
  readonly watermarkId: string | undefined;
  /** The same for all requests that mean the same, under one version of the workers. */
  readonly text: string;
  /** Strong entity tag (RFC 9110, 8.8.3), with its quotes. */
  readonly etag: string;
  /** SHA-256 of `text` in lowercase hex, cut to 32 digits. */
  readonly digest: string;
}

/** The key of an image as it was uploaded. */
export function originalKey(imageId: string): ResultKey {
  return { imageId, watermarkId: undefined, text: imageId, etag: `"${imageId}"`, digest: imageId.slice(0, 32) };
}

/**
 * The key of an image made from a stored one.
 * @param parameters presets expanded, and `format` never `auto`
 * @param version of the pipeline and its codecs, which the bytes depend on
 */
export function variantKey(imageId: string, parameters: Parameters, version: string): ResultKey {
  const text = `${imageId}?${canonicalParameters(parameters)} ${version}`;
  const digest = hash('sha256', text).slice(0, 32);
  return { imageId, watermarkId: parameters.watermark, text, etag: `"${digest}"`, digest };
}
