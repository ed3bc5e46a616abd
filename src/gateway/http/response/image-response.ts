import type { Socket } from 'node:net';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import { watchTransferRate } from '../../limits/transfer-rate.ts';
import type { HttpDoor } from '../door.ts';
import { onResponseEnd } from './lifetime.ts';

/** An id and parameters identify the bytes for ever (RFC 8246). */
const immutable = 'public, max-age=31536000, immutable';

/** A preset is configuration, which the next start may change. */
const configured = 'public, max-age=300';

/** An SVG can carry scripts; opened under this origin it may only show a picture. */
const pictureOnly = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

interface Cacheable {
  etag: string | undefined;
  usesPreset: boolean;
}

interface ImageHeaders extends Cacheable {
  mediaType: string;
  download: string | undefined;
  isOriginal: boolean;
}

/** Sets the headers of a stored image, or of one made from it. */
export function setImageHeaders(
  reply: FastifyReply,
  { mediaType, download, isOriginal, ...cacheable }: ImageHeaders,
): void {
  setCacheHeaders(reply, cacheable);
  reply.header('content-type', mediaType).header('content-security-policy', pictureOnly);
  if (isOriginal) reply.header('accept-ranges', 'bytes');
  if (download !== undefined) reply.header('content-disposition', contentDisposition(download));
}

/** Headers that a 304 shares with its image. */
export function setCacheHeaders(reply: FastifyReply, { etag, usesPreset }: Cacheable): void {
  reply.header('cache-control', usesPreset ? configured : immutable);
  if (etag !== undefined) reply.header('etag', etag);
}

/** Sets the headers of an image that is not stored and has no URL. */
export function setTransientImageHeaders(reply: FastifyReply, mediaType: string): void {
  reply.header('content-type', mediaType).header('content-security-policy', pictureOnly);
}

/**
 * Sends an image, which counts in the budget until it is out. A client that reads it too slowly is disconnected.
 * @throws RequestError `overloaded`, before anything is sent
 */
export function sendImage(
  reply: FastifyReply,
  image: Buffer,
  { budget, transferRate, log }: Pick<HttpDoor, 'budget' | 'transferRate' | 'log'>,
): void {
  const { raw: response, request } = reply;
  const release = budget.hold(image);
  reply.send(image);
  const { socket } = request.raw;
  // Most images fit into the buffers of the kernel and are out by now.
  if (response.writableEnded && response.writableLength === 0) {
    release();
    return;
  }
  const cutOff = () => {
    const line = { request_id: request.id, address: socket.remoteAddress, unsent: unsentBytes(socket) };
    log.warn(line, 'slow reader cut off');
    // Node.js takes the response for finished when its socket is destroyed.
    request.context.abort();
    socket.destroy();
  };
  const stop = watchTransferRate(() => socket.bytesWritten - unsentBytes(socket), cutOff, transferRate);
  onResponseEnd(request.raw, response, () => {
    stop();
    release();
  });
}

/** Bytes that the kernel has not taken yet: `writableLength` counts a whole chunk until its last byte is written. */
function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
