import { RequestError } from '../../../contract/errors.ts';

interface ServiceError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** HTTP status of the store's response; undefined if there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as ServiceError).$metadata?.httpStatusCode;
}

export function isMissing(error: unknown): boolean {
  return (error as ServiceError).name === 'NoSuchKey';
}

/** An answer that S3 does not give, as of a web server or of a proxy's login page. */
export class NotS3Error extends Error {
  override readonly name = 'NotS3';
}

/** Statuses of timeouts and of too many requests. */
const transientStatuses = [408, 429];

/** Whether a retry would fail in the same way: no bucket, no rights, no credentials, no S3. */
export function isPermanent(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  const isRefusal = status >= 300 && status < 500 && !transientStatuses.includes(status);
  return isRefusal || error instanceof NotS3Error || (error as Error).name === 'CredentialsProviderError';
}

/** The code of a system error, or else the store's name for the error. */
export function errorName(error: unknown): string {
  const { name, code } = error as ServiceError;
  return code ?? name;
}

/** Maps errors of S3 to public ones; returns a RequestError unchanged. */
export function bucketError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof RequestError) return error;
  const options = { stage: 'store', cause: error } as const;
  if (signal?.aborted) {
    return new RequestError(
      'store_unavailable',
      'The store did not respond before the deadline of the request',
      options,
    );
  }
  // Ceph names this error; other engines use the status.
  if ((error as Error).name === 'QuotaExceeded' || statusOf(error) === 507) {
    return new RequestError('insufficient_storage', 'The store is full', options);
  }
  return new RequestError('store_unavailable', `The store cannot be used: ${errorName(error)}`, options);
}
