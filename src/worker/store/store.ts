import type { OperationReply } from '../../contract/operations.ts';
import type { ResultIdentity } from '../../contract/result-key.ts';

/** `length` bytes (default: to the end) from `offset` (default: 0). */
export interface ByteRange {
  offset?: number;
  length?: number;
}

export interface StoredBytes {
  bytes: Buffer;
  createdAt: Date;
}

/** An image whose parts are read one by one. */
export interface OpenImage {
  size: number;
  /** Gives fewer bytes at the end of the image, and none past it. */
  read(range: ByteRange): Promise<Buffer>;
  /** Once no read is under way. */
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

/** What a reply says of a result, beside status, message and request id. */
export type ResultFields = Omit<OperationReply<'resize'>, 'image_data'>;

export interface StoredResult {
  fields: ResultFields;
  bytes: Buffer;
}

/** Results that all nodes of a store share. */
export interface ResultStore {
  /** Undefined where there is none, or what is there is not this result, whole. */
  read(result: ResultIdentity, signal?: AbortSignal): Promise<StoredResult | undefined>;
  /** Leaves nothing where an image that the result depends on has been deleted meanwhile. */
  write(result: ResultIdentity, stored: StoredResult, signal?: AbortSignal): Promise<void>;
}

export interface Deletions {
  imageIds: string[];
  /** For the next call. */
  cursor: string;
}

/**
 * Content-addressed. Every method throws RequestError `store_unavailable` on I/O failure, and once the signal is aborted
 * where the store is another machine.
 */
export interface Store {
  /** Resolves once the store has answered since the start; whatever happens to it later is told by the other methods. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Once resolved, the image survives a power loss.
   * @param imageId SHA-256 in lowercase hex, not checked
   * @returns `created: false` if already stored
   * @throws RequestError `insufficient_storage`
   */
  put(imageId: string, bytes: Buffer, signal?: AbortSignal): Promise<{ created: boolean }>;
  /** @throws RequestError `not_found` */
  read(imageId: string, signal?: AbortSignal): Promise<StoredBytes>;
  /** @throws RequestError `not_found` */
  open(imageId: string, signal?: AbortSignal): Promise<OpenImage>;
  /** @throws RequestError `not_found` */
  check(imageId: string, signal?: AbortSignal): Promise<void>;
  /**
   * Removes what was made from the image, or with it as watermark, as well.
   * @throws RequestError `not_found`
   */
  delete(imageId: string, signal?: AbortSignal): Promise<void>;
  /**
   * Any page may be short.
   * @throws RequestError `invalid_request` for a cursor of another order
   */
  list(options: ListOptions): Promise<ListPage>;
  /** Undefined where nothing is shared. */
  results?: ResultStore | undefined;
  /**
   * Images deleted by any node since an earlier call, some of them again; absent where nodes share nothing.
   * @param cursor of that call; empty for all that are remembered, which are those of 30 days
   * @throws RequestError `invalid_request` for another text
   */
  deletions?(cursor: string, signal?: AbortSignal): Promise<Deletions>;
  /** Stops background work. */
  close(): void;
}
