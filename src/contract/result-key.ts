import { hash } from 'node:crypto';

/** Identifies a result by everything that its bytes depend on. */
export interface ResultIdentity {
  readonly imageId: string;
  /** The stored image used as watermark. */
  readonly watermarkId: string | undefined;
  /** Equal for equivalent requests to workers of the same version. */
  readonly text: string;
  /** Truncated SHA-256 of the text: 32 lowercase hex digits. */
  readonly digest: string;
}

/**
 * The `text` of a result made from a stored image.
 * @param canonical output of `canonicalParameters`, with presets expanded and `format` not `auto`
 * @param version of the pipeline and its codecs, which determine the bytes
 */
export function resultText(imageId: string, canonical: string, version: string): string {
  return `${imageId}?${canonical} ${version}`;
}

/** The version that made the result. It follows the first space: ids and canonical parameters have none. */
export function versionOf({ text }: Pick<ResultIdentity, 'text'>): string {
  return text.slice(text.indexOf(' ') + 1);
}

const idLength = 64;
const watermark = /[?&]watermark=([0-9a-f]{64})/;

/** Parses a `text` of `resultText`. */
export function identifyResult(text: string): ResultIdentity {
  return {
    imageId: text.slice(0, idLength),
    watermarkId: watermark.exec(text)?.[1],
    text,
    digest: hash('sha256', text).slice(0, 32),
  };
}
