/** Which bytes of an image are wanted: from `offset` (0), `length` of them (all). */
export interface ByteRange {
  offset?: number;
  length?: number;
}

/** What is read of a stored image, and what is known of the whole. */
export interface StoredBytes {
  /** The bytes wanted, fewer where the image ends before them. */
  bytes: Buffer;
  /** Bytes of the whole image. */
  size: number;
  createdAt: Date;
}

export interface StoredImage {
  imageId: string;
  size: number;
  createdAt: Date;
}

export interface ListPage {
  images: StoredImage[];
  /** Where the next page begins; absent on the last one. */
  nextCursor?: string;
}

/**
 * Where images are kept: bytes under their hash, and nothing else.
 * Every method throws RequestError `store_unavailable` where the store cannot be reached or read.
 */
export interface Store {
  /**
   * Stores an image for good: when this resolves, the bytes outlast a loss of power.
   * @param imageId SHA-256 of the bytes in lowercase hex; that it is so is the caller's promise
   * @returns `created: false` where the image was there already
   * @throws RequestError `insufficient_storage`
   */
  put(imageId: string, bytes: Buffer): Promise<{ created: boolean }>;
  /**
   * Reads an image, or a part of it. A range past the end gives no bytes, and still the size.
   * @throws RequestError `not_found`
   */
  read(imageId: string, range?: ByteRange): Promise<StoredBytes>;
  /**
   * Makes sure that an image is there.
   * @throws RequestError `not_found`
   */
  check(imageId: string): Promise<void>;
  /** @throws RequestError `not_found` */
  delete(imageId: string): Promise<void>;
  /**
   * Lists images in the order of their ids.
   * @param options.cursor `nextCursor` of the page before
   * @throws RequestError `invalid_request` for a cursor that is not one of ours
   */
  list(options: { limit: number; cursor?: string }): Promise<ListPage>;
  /** Ends what runs in the background. */
  close(): void;
}
