import type { Bucket, CallOptions } from './bucket.ts';

export interface KeysOptions extends CallOptions {
  prefix?: string;
  /** Exclusive. */
  startAfter?: string | undefined;
}

/** Limit of S3 for one call. */
const pageSize = 1000;

/** Lists keys in order, page by page. */
export async function* listKeys(bucket: Bucket, { startAfter, ...options }: KeysOptions): AsyncGenerator<string[]> {
  let after = startAfter;
  for (;;) {
    const { objects, isTruncated } = await bucket.list({ ...options, startAfter: after, limit: pageSize });
    yield objects.map(({ key }) => key);
    if (!isTruncated) return;
    after = objects.at(-1)?.key;
  }
}
