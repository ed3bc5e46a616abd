import type { OperationReply, RequestOf } from '../contract/operations.ts';
import { expectNoContent, imageOf, jsonOf } from './reply.ts';
import { type RequestInit, type RequestSettings, send } from './request.ts';
import { type OnProgress, streamWithProgress, transportWithProgress } from './upload.ts';
import { imageSrcset, imageUrl, type Parameters, type SrcsetOptions, type UrlOptions, withoutSlash } from './url.ts';

type OptionalSettings = { [N in keyof RequestSettings]?: RequestSettings[N] | undefined };

export interface ClientOptions extends OptionalSettings {
  /** Such as `https://images.example.org/media`; empty for the page's own origin. */
  baseUrl: string;
}

export interface UploadOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

interface CallOptions {
  signal?: AbortSignal;
}

export type UploadedImage = Omit<OperationReply<'upload'>, 'status' | 'message'>;
export type ImageInfo = Omit<OperationReply<'info'>, 'status' | 'message'>;
export type StoredImage = OperationReply<'list'>['images'][number];
export type ListOptions = Pick<RequestOf<'list'>, Extract<keyof RequestOf<'list'>, 'limit' | 'order'>> & CallOptions;

export interface MadeVariant {
  /** Under `baseUrl`. */
  url: string;
  format: string;
  media_type: string;
  width: number;
  height: number;
  /** Bytes. */
  size: number;
}

/** Client of one service. Methods reject with ImgwireError, or their signal's reason. */
export interface Client {
  /** The original without parameters. */
  url(imageId: string, options?: UrlOptions): string;
  srcset(imageId: string, options: SrcsetOptions): string;
  /** Identical bytes are stored once. */
  upload(file: Blob | ArrayBuffer | Uint8Array, options?: UploadOptions): Promise<UploadedImage>;
  get(imageId: string, parameters?: Parameters, options?: CallOptions): Promise<Uint8Array>;
  info(imageId: string, options?: CallOptions): Promise<ImageInfo>;
  /** Fetches pages on demand. */
  list(options?: ListOptions): AsyncGenerator<StoredImage, void>;
  /** Prepares several images in one request. */
  variants(
    imageId: string,
    sets: readonly Parameters[],
    shared?: Parameters,
    options?: CallOptions,
  ): Promise<MadeVariant[]>;
  delete(imageId: string, options?: CallOptions): Promise<void>;
}

/** Of timers, which run out at once beyond. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * HTTP client for browsers and servers.
 * @throws TypeError for a `timeoutMs` that no timer can wait
 * @example const client = createClient({ baseUrl: 'http://127.0.0.1:8080' });
 */
export function createClient({
  baseUrl,
  timeoutMs = 30_000,
  retries = 2,
  headers = {},
  fetch = (...call) => globalThis.fetch(...call),
}: ClientOptions): Client {
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > longestTimeoutMs) {
    throw new TypeError(`Expected an integer from 1 to ${longestTimeoutMs} for timeoutMs but received ${timeoutMs}`);
  }
  const base = withoutSlash(baseUrl);
  const settings: RequestSettings = { timeoutMs, retries, headers, fetch };
  const call = (path: string, init: RequestInit = {}) => send(`${base}${path}`, init, settings);

  return {
    url: (imageId, options) => imageUrl(base, imageId, options),
    srcset: (imageId, options) => imageSrcset(base, imageId, options),
    async upload(file, { onProgress, signal } = {}) {
      const body = file instanceof Blob ? file : new Blob([file as BlobPart]);
      const headers = { 'content-type': 'application/octet-stream' };
      const init = { method: 'POST', headers, body: () => body, signal };
      const reply = await call('/images', { ...init, ...(onProgress && progressOf(body, onProgress)) });
      return jsonOf<UploadedImage>(reply, ({ image_id }) => typeof image_id === 'string');
    },
    async get(imageId, parameters, { signal } = {}) {
      return imageOf(await send(imageUrl(base, imageId, parameters), { signal }, settings));
    },
    async info(imageId, { signal } = {}) {
      const reply = await call(`/images/${imageId}/info`, { signal });
      return jsonOf<ImageInfo>(reply, ({ width }) => typeof width === 'number');
    },
    async *list({ signal, ...query } = {}) {
      let cursor: string | undefined;
      do {
        const asked = new URLSearchParams();
        for (const [name, value] of Object.entries({ ...query, cursor })) {
          if (value !== undefined) asked.set(name, String(value));
        }
        const reply = await call(`/images?${asked}`, { signal });
        const page = jsonOf<OperationReply<'list'>>(reply, ({ images }) => Array.isArray(images));
        yield* page.images;
        cursor = page.next_cursor;
      } while (cursor !== undefined);
    },
    async variants(imageId, sets, shared = {}, { signal } = {}) {
      const body = () => JSON.stringify({ ...shared, variants: sets });
      const headers = { 'content-type': 'application/json' };
      const reply = await call(`/images/${imageId}/variants`, { method: 'POST', headers, body, signal });
      const made = jsonOf<{ variants: MadeVariant[] }>(
        reply,
        ({ variants }) => Array.isArray(variants) && variants.every((one) => typeof one?.url === 'string'),
      );
      return made.variants.map((one) => {
        // The service's own idea of its address may have a prefix or another host.
        const path = one.url.slice(one.url.lastIndexOf('/images/'));
        return { ...one, url: `${base}${path}` };
      });
    },
    async delete(imageId, { signal } = {}) {
      expectNoContent(await call(`/images/${imageId}`, { method: 'DELETE', signal }));
    },
  };
}

function progressOf(body: Blob, onProgress: OnProgress): Pick<RequestInit, 'body' | 'transport'> {
  if (typeof XMLHttpRequest !== 'undefined') return { transport: transportWithProgress(onProgress) };
  return { body: () => streamWithProgress(body, onProgress) };
}
