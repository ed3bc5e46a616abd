import { hash } from 'node:crypto';

/** Identifies a result: what it is of, and all that its bytes depend on. */
export interface ResultIdentity {
  readonly imageId: string;
  /** The stored image that is laid over it. */
  readonly watermarkId: string | undefined;
  /** The same for all requests that mean the same, under one version of the workers. */
  readonly text: string;
  /** Of the text: 32 lowercase hex digits. */
  readonly digest: string;
}

/**
 * Names an image made from a stored one.
 * @param canonical what `canonicalParameters` makes of its parameters: presets expanded, and `format` never `auto`
 * @param version of the pipeline and its codecs, which the bytes depend on
 */
export function resultText(imageId: string, canonical: string, version: string): string {
  return `${imageId}?${canonical} ${version}`;
}

/** The version that made it: neither id nor canonical parameters have a space. */
export function versionOf({ text }: Pick<ResultIdentity, 'text'>): string {
  return text.slice(text.indexOf(' ') + 1);
}

const idLength = 64;
const watermark = /[?&]watermark=([0-9a-f]{64})/;

export function identifyResult(text: string): ResultIdentity {
  return {
    imageId: text.slice(0, idLength),
    watermarkId: watermark.exec(text)?.[1],
    text,
    digest: hash('sha256', text).slice(0, 32),
  };
}
