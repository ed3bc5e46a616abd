import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Permission } from '../../access/permission.ts';
import type { ResultKey } from '../../cache/key.ts';
import { sendProgress, watchReadingRate } from '../../limits/reading-rate.ts';
import type { HttpDoor } from '../door.ts';
import { onResponseEnd } from './lifetime.ts';

/** Means "never expires" (RFC 2616, 14.21). */
const yearSeconds = 31_536_000;

/** Shorter, as presets may change with the next start. */
const presetSeconds = 300;

type CacheControl = (permission: Permission, usesPreset: boolean) => string;

/**
 * Creates the function that computes Cache-Control: max-age ends with a signature, and a required key makes it private.
 * @param maxAgeSeconds a year or more adds immutable (RFC 8246), as id and parameters determine the bytes
 */
export function createCacheControl(maxAgeSeconds: number): CacheControl {
  const control = (scope: 'public' | 'private', seconds: number) =>
    `${scope}, max-age=${seconds}${seconds >= yearSeconds ? ', immutable' : ''}`;
  const maxAge = (usesPreset: boolean) => (usesPreset ? Math.min(maxAgeSeconds, presetSeconds) : maxAgeSeconds);
  const publicControl = control('public', maxAge(false));
  const publicPresetControl = control('public', maxAge(true));
  return ({ isPrivate, expires }, usesPreset) => {
    if (!isPrivate && expires === undefined) return usesPreset ? publicPresetControl : publicControl;
    const remaining = expires === undefined ? yearSeconds : Math.max(0, Math.floor(expires - Date.now() / 1000));
    return control(isPrivate ? 'private' : 'public', Math.min(remaining, maxAge(usesPreset)));
  };
}

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

/**
 * Sends bytes and counts them in the budget until they are flushed. Cuts off slow readers.
 * @throws RequestError `overloaded`, before anything is sent
 */
export function sendWithinBudget(
  reply: FastifyReply,
  bytes: Buffer,
  { budget, transferRate, log }: Pick<HttpDoor, 'budget' | 'transferRate' | 'log'>,
): void {
  const { raw: response, request } = reply;
  const release = budget.hold(bytes);
  reply.send(bytes);
  const { socket } = request.raw;
  // Most responses fit the kernel's buffers.
  if (response.writableEnded && response.writableLength === 0) {
    release();
    return;
  }
  const cutOff = () => {
    const line = { request_id: request.id, address: socket.remoteAddress, unsent: sendProgress(socket).queued };
    log.warn(line, 'slow reader cut off');
    // Node.js reports a response as finished once its socket is destroyed, so record the abort.
    request.context.abort();
    socket.destroy();
  };
  const stop = watchReadingRate(socket, cutOff, transferRate);
  onResponseEnd(request.raw, response, () => {
    stop();
    release();
  });
}
