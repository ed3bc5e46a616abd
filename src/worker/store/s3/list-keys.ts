import type { Bucket, CallOptions, ListPosition } from './bucket.ts';

export interface KeysOptions extends CallOptions {
  prefix?: string;
  /** Exclusive. */
  startAfter?: string | undefined;
}

/** Limit of S3 for one call. */
const pageSize = 1000;

/** Lists keys in order, page by page. */
export async function* listKeys(bucket: Bucket, { startAfter, ...options }: KeysOptions): AsyncGenerator<string[]> {
  let position: ListPosition | undefined = { startAfter };
  while (position !== undefined) {
    const { objects, next } = await bucket.list({ ...options, ...position, limit: pageSize });
    yield objects.map(({ key }) => key);
    position = next;
  }
}
