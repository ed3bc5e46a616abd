import type { Socket } from 'node:net';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Permission } from '../../access/permission.ts';
import { watchTransferRate } from '../../limits/transfer-rate.ts';
import type { HttpDoor } from '../door.ts';
import { onResponseEnd } from './lifetime.ts';

/** RFC 8246: id and parameters determine the bytes. */
const immutable = 'public, max-age=31536000, immutable';

/** Presets may change at the next start. */
const configured = 'public, max-age=300';

const yearSeconds = 31_536_000;
const configuredSeconds = 300;

/** No longer than a signature, and not for others where a key was needed. */
function cacheControl({ isPrivate, expires }: Permission, usesPreset: boolean): string {
  if (!isPrivate && expires === undefined) return usesPreset ? configured : immutable;
  const left = expires === undefined ? yearSeconds : Math.max(0, Math.floor(expires - Date.now() / 1000));
  const seconds = Math.min(left, usesPreset ? configuredSeconds : yearSeconds);
  return `${isPrivate ? 'private' : 'public'}, max-age=${seconds}${usesPreset ? '' : ', immutable'}`;
}

/** SVG can carry scripts; its styles and embedded images still show. */
const pictureOnly = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

interface Cacheable {
  etag: string | undefined;
  usesPreset: boolean;
}

interface ImageHeaders extends Cacheable {
  mediaType: string;
  download: string | undefined;
  isOriginal: boolean;
}

export function setImageHeaders(
  reply: FastifyReply,
  { mediaType, download, isOriginal, ...cacheable }: ImageHeaders,
): void {
  setCacheHeaders(reply, cacheable);
  setPictureHeaders(reply, mediaType);
  if (isOriginal) reply.header('accept-ranges', 'bytes');
  if (download !== undefined) reply.header('content-disposition', contentDisposition(download));
}

/** Shared by a 304 and its image. */
export function setCacheHeaders(reply: FastifyReply, { etag, usesPreset }: Cacheable): void {
  reply.header('cache-control', cacheControl(reply.request.context.permission, usesPreset));
  if (etag !== undefined) reply.header('etag', etag);
}

/** All that an image needs that is not stored and has no URL. Pages of any site may embed it. */
export function setPictureHeaders(reply: FastifyReply, mediaType: string): void {
  reply
    .header('content-type', mediaType)
    .header('content-security-policy', pictureOnly)
    .header('cross-origin-resource-policy', 'cross-origin');
}

/**
 * Sends bytes, counted in the budget until they are out. Cuts off slow readers.
 * @throws RequestError `overloaded`, before anything is sent
 */
export function sendCounted(
  reply: FastifyReply,
  bytes: Buffer,
  { budget, transferRate, log }: Pick<HttpDoor, 'budget' | 'transferRate' | 'log'>,
): void {
  const { raw: response, request } = reply;
  const release = budget.hold(bytes);
  reply.send(bytes);
  const { socket } = request.raw;
  // Most fit the kernel's buffers.
  if (response.writableEnded && response.writableLength === 0) {
    release();
    return;
  }
  const cutOff = () => {
    const line = { request_id: request.id, address: socket.remoteAddress, unsent: unsentBytes(socket) };
    log.warn(line, 'slow reader cut off');
    // Node.js reports a response as finished when its socket is destroyed.
    request.context.abort();
    socket.destroy();
  };
  const stop = watchTransferRate(() => socket.bytesWritten - unsentBytes(socket), cutOff, transferRate);
  onResponseEnd(request.raw, response, () => {
    stop();
    release();
  });
}

/** `writableLength` counts a whole chunk until its last byte is in the kernel. */
function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
