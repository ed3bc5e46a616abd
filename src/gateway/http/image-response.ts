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
}

/** The headers of a stored image, or of one made from it. */
export function imageHeaders(reply: FastifyReply, { mediaType, etag, download }: ImageHeaders): FastifyReply {
  cacheHeaders(reply, etag).type(mediaType).header('content-security-policy', pictureOnly);
  if (download !== undefined) reply.header('content-disposition', contentDisposition(download));
  return reply;
}

/** The headers that a 304 shares with the image that it stands for. */
export function cacheHeaders(reply: FastifyReply, etag: string | undefined): FastifyReply {
  reply.header('cache-control', immutable);
  return etag === undefined ? reply : reply.header('etag', etag);
}

/** The headers of an image that is not stored and has no address. */
export function passingImageHeaders(reply: FastifyReply, mediaType: string): FastifyReply {
  return reply.type(mediaType).header('content-security-policy', pictureOnly);
}

/** Sends the bytes of an image, which count as on their way until they are out. */
export function sendImage(reply: FastifyReply, image: Buffer, budget: Budget): FastifyReply {
  whenDone(reply, budget.charge(image.length));
  return reply.send(image);
}
