import type { OperationReply, RequestOf } from '../contract/operations.ts';
import { expectImage, expectJson, expectNoContent } from './reply.ts';
import { type RequestSettings, type SendInit, send } from './request.ts';
import { createXhrTransport, type OnProgress, streamWithProgress } from './upload.ts';
import {
  imageSrcset,
  imageUrl,
  type Parameters,
  type SrcsetOptions,
  trimTrailingSlashes,
  type UrlOptions,
} from './url.ts';

type OptionalSettings = { [N in keyof RequestSettings]?: RequestSettings[N] | undefined };

export interface ClientOptions extends OptionalSettings {
  /** For example `https://images.example.org/media`; empty for the page's own origin. */
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
  /** Starts with `baseUrl`. */
  url: string;
  format: string;
  media_type: string;
  width: number;
  height: number;
  /** Bytes. */
  size: number;
}

/** Client of one service. Methods reject with ImgwireError, or with the reason of their signal. */
export interface Client {
  /** URL of the original, or of a transformed image if there are parameters. */
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

/** Timers with a longer delay fire at once. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * Creates an HTTP client, for browsers and servers.
 * @throws TypeError for a `timeoutMs` that is not an integer from 1 to the longest delay of timers
 * @example const client = createClient({ baseUrl: 'http://127.0.0.1:8080' });
 */
export function createClient({
  baseUrl,
  timeoutMs = 30_000,
  retries = 2,
  headers = {},
  fetch = (...call) => globalThis.fetch(...call),
}: ClientOptions): Client {
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > maxTimeoutMs) {
    throw new TypeError(`Expected an integer from 1 to ${maxTimeoutMs} for timeoutMs but received ${timeoutMs}`);
  }
  const base = trimTrailingSlashes(baseUrl);
  const settings: RequestSettings = { timeoutMs, retries, headers, fetch };
  const call = (path: string, init: SendInit = {}) => send(`${base}${path}`, init, settings);

  return {
    url: (imageId, options) => imageUrl(base, imageId, options),
    srcset: (imageId, options) => imageSrcset(base, imageId, options),
    async upload(file, { onProgress, signal } = {}) {
      const body = file instanceof Blob ? file : new Blob([file as BlobPart]);
      const headers = { 'content-type': 'application/octet-stream' };
      const init = { method: 'POST', headers, body: () => body, signal };
      const reply = await call('/images', { ...init, ...(onProgress && withProgress(body, onProgress)) });
      return expectJson<UploadedImage>(reply, ({ image_id }) => typeof image_id === 'string');
    },
    async get(imageId, parameters, { signal } = {}) {
      return expectImage(await send(imageUrl(base, imageId, parameters), { signal }, settings));
    },
    async info(imageId, { signal } = {}) {
      const reply = await call(`/images/${imageId}/info`, { signal });
      return expectJson<ImageInfo>(reply, ({ width }) => typeof width === 'number');
    },
    async *list({ signal, ...query } = {}) {
      let cursor: string | undefined;
      do {
        const search = new URLSearchParams();
        for (const [name, value] of Object.entries({ ...query, cursor })) {
          if (value !== undefined) search.set(name, String(value));
        }
        const reply = await call(`/images?${search}`, { signal });
        const page = expectJson<OperationReply<'list'>>(reply, ({ images }) => Array.isArray(images));
        yield* page.images;
        cursor = page.next_cursor;
      } while (cursor !== undefined);
    },
    async variants(imageId, sets, shared = {}, { signal } = {}) {
      const body = () => JSON.stringify({ ...shared, variants: sets });
      const headers = { 'content-type': 'application/json' };
      const reply = await call(`/images/${imageId}/variants`, { method: 'POST', headers, body, signal });
      const made = expectJson<{ variants: MadeVariant[] }>(
        reply,
        ({ variants }) => Array.isArray(variants) && variants.every((one) => typeof one?.url === 'string'),
      );
      return made.variants.map((one) => {
        // The service may know itself by another host or path prefix than this client does.
        const path = one.url.slice(one.url.lastIndexOf('/images/'));
        return { ...one, url: `${base}${path}` };
      });
    },
    async delete(imageId, { signal } = {}) {
      expectNoContent(await call(`/images/${imageId}`, { method: 'DELETE', signal }));
    },
  };
}

function withProgress(body: Blob, onProgress: OnProgress): Pick<SendInit, 'body' | 'transport'> {
  if (typeof XMLHttpRequest !== 'undefined') return { transport: createXhrTransport(onProgress) };
  return { body: () => streamWithProgress(body, onProgress) };
}
