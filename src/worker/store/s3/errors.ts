import { RequestError } from '../../../contract/errors.ts';

interface ServiceError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** HTTP status of the store's answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as ServiceError).$metadata?.httpStatusCode;
}

export function isMissing(error: unknown): boolean {
  return (error as ServiceError).name === 'NoSuchKey';
}

/** Whether another try would end in the same way: no bucket, no rights, no credentials. */
export function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return (status >= 300 && status < 500 && status !== 429) || (error as Error).name === 'CredentialsProviderError';
}

/** The store's own name for an error, or the system's. */
export function causeOf(error: unknown): string {
  const { name, code } = error as ServiceError;
  return code ?? name;
}

/** Maps errors of S3 to public ones; passes others through. */
export function bucketError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof RequestError) return error;
  const options = { stage: 'store', cause: error } as const;
  if (signal?.aborted) {
    return new RequestError('store_unavailable', 'The store did not answer within the time of the request', options);
  }
  // Ceph's quotas have a name, others their status.
  if ((error as Error).name === 'QuotaExceeded' || statusOf(error) === 507) {
    return new RequestError('insufficient_storage', 'The store is full', options);
  }
  return new RequestError('store_unavailable', `The store cannot be used: ${causeOf(error)}`, options);
}
