import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { ResultKey } from '../../cache/key.ts';

/** Blocks scripts in SVG, but allows its styles and embedded images. */
const imagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

interface Cacheable {
  key: ResultKey | undefined;
  cacheControl: string;
}

interface ImageHeaders extends Cacheable {
  mediaType: string;
  download: string | undefined;
  isOriginal: boolean;
}

/** Sets the headers of an image that has a URL. */
export function setImageHeaders(
  reply: FastifyReply,
  { mediaType, download, isOriginal, ...cacheable }: ImageHeaders,
): void {
  setCacheHeaders(reply, cacheable);
  setMediaHeaders(reply, mediaType);
  if (isOriginal) reply.header('accept-ranges', 'bytes');
  if (download !== undefined) reply.header('content-disposition', contentDisposition(download));
}

/** Sets the headers that a 304 shares with its image. */
export function setCacheHeaders(reply: FastifyReply, { key, cacheControl }: Cacheable): void {
  reply.header('cache-control', cacheControl);
  if (key === undefined) return;
  reply.header('etag', key.etag).header('cache-tag', key.cacheTag).header('surrogate-key', key.surrogateKey);
}

/** Sets the headers that every image needs, also one without a URL. Pages of any site may embed it. */
export function setMediaHeaders(reply: FastifyReply, mediaType: string): void {
  reply
    .header('content-type', mediaType)
    .header('content-security-policy', imagePolicy)
    .header('cross-origin-resource-policy', 'cross-origin');
}
