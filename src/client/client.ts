import type { OperationReply, RequestOf } from '../contract/operations.ts';
import { type RequestInit, type RequestSettings, send } from './request.ts';
import { type OnProgress, sendWithProgress, streamWithProgress } from './upload.ts';
import { imageSrcset, imageUrl, type Parameters, type SrcsetOptions, type UrlOptions, withoutSlash } from './url.ts';

export interface ClientOptions extends Partial<RequestSettings> {
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

/**
 * HTTP client for browsers and servers.
 * @example const client = createClient({ baseUrl: 'http://127.0.0.1:8080' });
 */
export function createClient({ baseUrl, ...given }: ClientOptions): Client {
  const base = withoutSlash(baseUrl);
  const settings: RequestSettings = {
    timeoutMs: 30_000,
    retries: 2,
    headers: {},
    fetch: (...call) => globalThis.fetch(...call),
    ...given,
  };
  const json = async (path: string, init: RequestInit = {}) =>
    JSON.parse(new TextDecoder().decode(await send(`${base}${path}`, init, settings)));

  return {
    url: (imageId, options) => imageUrl(base, imageId, options),
    srcset: (imageId, options) => imageSrcset(base, imageId, options),
    async upload(file, { onProgress, signal } = {}) {
      const body = file instanceof Blob ? file : new Blob([file as BlobPart]);
      if (onProgress !== undefined && typeof XMLHttpRequest !== 'undefined') {
        const bytes = await sendWithProgress(`${base}/images`, { body, onProgress, signal }, settings);
        return JSON.parse(new TextDecoder().decode(bytes));
      }
      const headers = { 'content-type': 'application/octet-stream' };
      const bodyOf = () => (onProgress === undefined ? body : streamWithProgress(body, onProgress));
      return json('/images', { method: 'POST', headers, body: bodyOf, signal });
    },
    get: (imageId, parameters, { signal } = {}) => send(imageUrl(base, imageId, parameters), { signal }, settings),
    info: (imageId, { signal } = {}) => json(`/images/${imageId}/info`, { signal }),
    async *list({ signal, ...query } = {}) {
      let cursor: string | undefined;
      do {
        const asked = new URLSearchParams();
        for (const [name, value] of Object.entries({ ...query, cursor })) {
          if (value !== undefined) asked.set(name, String(value));
        }
        const page = await json(`/images?${asked}`, { signal });
        yield* page.images;
        cursor = page.next_cursor;
      } while (cursor !== undefined);
    },
    async variants(imageId, sets, shared = {}, { signal } = {}) {
      const body = () => JSON.stringify({ ...shared, variants: sets });
      const headers = { 'content-type': 'application/json' };
      const made = await json(`/images/${imageId}/variants`, { method: 'POST', headers, body, signal });
      return made.variants.map((one: MadeVariant) => {
        // The service's own idea of its address may have a prefix or another host.
        const path = one.url.slice(one.url.lastIndexOf('/images/'));
        return { ...one, url: `${base}${path}` };
      });
    },
    async delete(imageId, { signal } = {}) {
      await send(`${base}/images/${imageId}`, { method: 'DELETE', signal }, settings);
    },
  };
}
