import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Permission } from '../../access/permission.ts';
import type { ResultKey } from '../../cache/key.ts';
import { sendProgress, watchReadingRate } from '../../limits/reading-rate.ts';
import type { HttpDoor } from '../door.ts';
import { onResponseEnd } from './lifetime.ts';

/** "Never expires" (RFC 2616, 14.21). */
const yearSeconds = 31_536_000;

/** Presets may change at the next start. */
const presetSeconds = 300;

type CacheControl = (permission: Permission, usesPreset: boolean) => string;

/**
 * Creates what tells how long an image may be kept: no longer than a signature, and not for others where a key was needed.
 * @param maxAgeSeconds a year, or more, makes it immutable (RFC 8246): id and parameters determine the bytes
 */
export function createCacheControl(maxAgeSeconds: number): CacheControl {
  const control = (scope: 'public' | 'private', seconds: number) =>
    `${scope}, max-age=${seconds}${seconds >= yearSeconds ? ', immutable' : ''}`;
  const longest = (usesPreset: boolean) => (usesPreset ? Math.min(maxAgeSeconds, presetSeconds) : maxAgeSeconds);
  const forAll = control('public', longest(false));
  const forAllWithPreset = control('public', longest(true));
  return ({ isPrivate, expires }, usesPreset) => {
    if (!isPrivate && expires === undefined) return usesPreset ? forAllWithPreset : forAll;
    const left = expires === undefined ? yearSeconds : Math.max(0, Math.floor(expires - Date.now() / 1000));
    return control(isPrivate ? 'private' : 'public', Math.min(left, longest(usesPreset)));
  };
}

/** SVG can carry scripts; its styles and embedded images still show. */
const pictureOnly = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

interface Cacheable {
  key: ResultKey | undefined;
  cacheControl: string;
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
export function setCacheHeaders(reply: FastifyReply, { key, cacheControl }: Cacheable): void {
  reply.header('cache-control', cacheControl);
  if (key === undefined) return;
  reply.header('etag', key.etag).header('cache-tag', key.cacheTag).header('surrogate-key', key.surrogateKey);
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
    const line = { request_id: request.id, address: socket.remoteAddress, unsent: sendProgress(socket).queued };
    log.warn(line, 'slow reader cut off');
    // Node.js reports a response as finished when its socket is destroyed.
    request.context.abort();
    socket.destroy();
  };
  const stop = watchReadingRate(socket, cutOff, transferRate);
  onResponseEnd(request.raw, response, () => {
    stop();
    release();
  });
}
