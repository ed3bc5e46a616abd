import type { Bucket, CallOptions } from './bucket.ts';

export interface KeysOptions extends CallOptions {
  prefix?: string;
  /** Exclusive. */
  startAfter?: string | undefined;
}

/** What one list gives at most. */
const pageSize = 1000;

/** Keys in their order, page by page. */
export async function* keysIn(bucket: Bucket, { startAfter, ...options }: KeysOptions): AsyncGenerator<string[]> {
  let after = startAfter;
  for (;;) {
    const { objects, isTruncated } = await bucket.list({ ...options, startAfter: after, limit: pageSize });
    yield objects.map(({ key }) => key);
    if (!isTruncated) return;
    after = objects.at(-1)?.key;
  }
}
