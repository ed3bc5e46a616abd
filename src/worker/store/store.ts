/** Part of an image: `length` bytes (default: up to the end) from `offset` (default: 0). */
export interface ByteRange {
  offset?: number;
  length?: number;
}

export interface StoredBytes {
  /** The bytes of the range, fewer where the image ends before. */
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
  /** `id` by default. */
  order?: ListOrder;
  /** `nextCursor` of the previous page. */
  cursor?: string;
}

export interface ListPage {
  images: StoredImage[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/**
 * Stores images: bytes under their hash, nothing else.
 * Every method throws RequestError `store_unavailable` where the store cannot be reached or read.
 */
export interface Store {
  /**
   * Stores an image durably: once this resolves, it survives a power loss.
   * @param imageId SHA-256 of the bytes in lowercase hex, not checked
   * @returns `created: false` where the image was already stored
   * @throws RequestError `insufficient_storage`
   */
  put(imageId: string, bytes: Buffer): Promise<{ created: boolean }>;
  /**
   * Reads an image or a part of it. A range past the end gives no bytes, but the size.
   * @throws RequestError `not_found`
   */
  read(imageId: string, range?: ByteRange): Promise<StoredBytes>;
  /**
   * Checks that an image is stored.
   * @throws RequestError `not_found`
   */
  check(imageId: string): Promise<void>;
  /** @throws RequestError `not_found` */
  delete(imageId: string): Promise<void>;
  /**
   * Lists images. A page may be short before the last one.
   * @throws RequestError `invalid_request` for a cursor of another order
   */
  list(options: ListOptions): Promise<ListPage>;
  /** Stops background work. */
  close(): void;
}
