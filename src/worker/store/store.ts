import type { ByteRange } from '../../contract/byte-range.ts';
import type { OperationReply } from '../../contract/operations.ts';
import type { ResultIdentity } from '../../contract/result-key.ts';

export interface StoredBytes {
  bytes: Buffer;
  createdAt: Date;
}

/** An image opened for reading parts of it. */
export interface OpenImage {
  size: number;
  /**
   * Reads `length` bytes (default: to the end) from `offset` (default: 0).
   * @returns fewer bytes at the end of the image, and none past it
   */
  read(range: Partial<ByteRange>): Promise<Buffer>;
  /** Must not be called during a read. */
  close(): void;
}

export interface StoredImage {
  imageId: string;
  size: number;
  createdAt: Date;
}

export type ListOrder = 'id' | 'newest';

export interface ListOptions {
  limit: number;
  /** Default `id`. */
  order?: ListOrder;
  /** `nextCursor` of the previous page. */
  cursor?: string;
  signal?: AbortSignal | undefined;
}

export interface ListPage {
  images: StoredImage[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Fields of a reply that describe a result. */
export type ResultFields = Omit<OperationReply<'resize'>, 'image_data'>;

export interface StoredResult {
  fields: ResultFields;
  bytes: Buffer;
}

/** Results that all nodes of a store share. */
export interface ResultStore {
  /** Undefined if there is none, or what is stored is damaged or another result. */
  read(result: ResultIdentity, signal?: AbortSignal): Promise<StoredResult | undefined>;
  /** Leaves nothing behind if an image that the result depends on is deleted meanwhile. */
  write(result: ResultIdentity, stored: StoredResult, signal?: AbortSignal): Promise<void>;
}

export interface Deletions {
  imageIds: string[];
  /** For the next call. */
  cursor: string;
}

/**
 * Content-addressed storage of images. Every method throws RequestError `store_unavailable` on I/O failure and, if the
 * store is another machine, once the signal is aborted.
 */
export interface Store {
  /** Resolves once the store has responded for the first time; later failures show in the other methods. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Stores an image, which survives a power loss once this has resolved.
   * @param imageId SHA-256 in lowercase hex, not checked
   * @returns `created: false` if already stored
   * @throws RequestError `insufficient_storage`
   */
  put(imageId: string, bytes: Buffer, signal?: AbortSignal): Promise<{ created: boolean }>;
  /** @throws RequestError `not_found` */
  read(imageId: string, signal?: AbortSignal): Promise<StoredBytes>;
  /** @throws RequestError `not_found` */
  open(imageId: string, signal?: AbortSignal): Promise<OpenImage>;
  /**
   * Checks that an image exists.
   * @throws RequestError `not_found`
   */
  check(imageId: string, signal?: AbortSignal): Promise<void>;
  /**
   * Deletes an image, and the shared results made from it or with it as watermark.
   * @throws RequestError `not_found`
   */
  delete(imageId: string, signal?: AbortSignal): Promise<void>;
  /**
   * Lists a page, which may hold fewer images than the limit even if more follow.
   * @throws RequestError `invalid_request` for a cursor of another order
   */
  list(options: ListOptions): Promise<ListPage>;
  /** Undefined if nodes share no results. */
  results?: ResultStore | undefined;
  /**
   * Lists images deleted by any node since an earlier call, some of them repeatedly; absent if nodes share nothing.
   * @param cursor of that call; empty for all deletions on record, those of the last 30 days
   * @throws RequestError `invalid_request` for a malformed cursor
   */
  deletions?(cursor: string, signal?: AbortSignal): Promise<Deletions>;
  /** Stops background work. */
  close(): void;
}
