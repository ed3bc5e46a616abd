/** `length` bytes (default: to the end) from `offset` (default: 0). */
export interface ByteRange {
  offset?: number;
  length?: number;
}

export interface StoredBytes {
  /** Fewer than requested at the end of the image. */
  bytes: Buffer;
  size: number;
  createdAt: Date;
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
}

export interface ListPage {
  images: StoredImage[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Content-addressed. Every method throws RequestError `store_unavailable` on I/O failure. */
export interface Store {
  /**
   * Once resolved, the image survives a power loss.
   * @param imageId SHA-256 in lowercase hex, not checked
   * @returns `created: false` if already stored
   * @throws RequestError `insufficient_storage`
   */
  put(imageId: string, bytes: Buffer): Promise<{ created: boolean }>;
  /**
   * A range past the end gives no bytes, but the size.
   * @throws RequestError `not_found`
   */
  read(imageId: string, range?: ByteRange): Promise<StoredBytes>;
  /** @throws RequestError `not_found` */
  check(imageId: string): Promise<void>;
  /** @throws RequestError `not_found` */
  delete(imageId: string): Promise<void>;
  /**
   * Any page may be short.
   * @throws RequestError `invalid_request` for a cursor of another order
   */
  list(options: ListOptions): Promise<ListPage>;
  /** Stops background work. */
  close(): void;
}
