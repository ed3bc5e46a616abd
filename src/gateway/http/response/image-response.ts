import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Budget } from '../budget.ts';
import { whenDone } from './lifetime.ts';

/** An id stands for its bytes, so that what was once got from it never changes (RFC 8246). */
const immutable = 'public, max-age=31536000, immutable';

/** An SVG can carry scripts, and its address is one of this server: whoever opens it gets a picture and nothing else. */
const pictureOnly = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

interface ImageHeaders {
  mediaType: string;
  etag: string | undefined;
  /** Name that browsers save the image under. */
  download: string | undefined;
  /** Whether it is the image as it was uploaded, of which a part can be had. */
  isOriginal: boolean;
}

/** The headers of a stored image, or of one made from it: names and values in turn. */
export function imageHeaders({ mediaType, etag, download, isOriginal }: ImageHeaders): string[] {
  const headers = cacheHeaders(etag);
  headers.push('content-type', mediaType, 'content-security-policy', pictureOnly);
  if (isOriginal) headers.push('accept-ranges', 'bytes');
  if (download !== undefined) headers.push('content-disposition', contentDisposition(download));
  return headers;
}

/** The headers that a 304 shares with the image that it stands for: names and values in turn. */
export function cacheHeaders(etag: string | undefined): string[] {
  return etag === undefined ? ['cache-control', immutable] : ['cache-control', immutable, 'etag', etag];
}

/** The headers of an image that is not stored and has no address. */
export function passingImageHeaders(reply: FastifyReply, mediaType: string): FastifyReply {
  return reply.type(mediaType).header('content-security-policy', pictureOnly);
}

/** Sends the bytes of an image, which count as on their way until they are out. */
export function sendImage(reply: FastifyReply, image: Buffer, budget: Budget): FastifyReply {
  whenDone(reply.raw, budget.charge(image.length));
  return reply.send(image);
}
