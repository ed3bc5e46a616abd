import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../src/contract/errors.ts';
import { bucketError, isPermanent, NotS3Error } from '../../src/worker/store/s3/errors.ts';

/** An error as the SDK throws it: `name` is S3's code, `code` the system's. */
const failure = (name: string, httpStatusCode?: number, code?: string) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode }, ...(code && { code }) });

test('maps S3 errors, keeps their cause, and names the stage', () => {
  const cases: [Error, string, string][] = [
    [failure('QuotaExceeded', 403), 'insufficient_storage', 'The store is full'],
    [failure('XMinioStorageFull', 507), 'insufficient_storage', 'The store is full'],
    [failure('AccessDenied', 403), 'store_unavailable', 'The store cannot be used: AccessDenied'],
    [failure('SlowDown', 503), 'store_unavailable', 'The store cannot be used: SlowDown'],
    [failure('Error', undefined, 'ECONNREFUSED'), 'store_unavailable', 'The store cannot be used: ECONNREFUSED'],
  ];
  for (const [cause, code, message] of cases) {
    const error = bucketError(cause, new AbortController().signal) as RequestError;
    assert.deepEqual([error.code, error.message, error.stage, error.cause], [code, message, 'store', cause]);
  }
  const late = bucketError(failure('AbortError'), AbortSignal.abort()) as RequestError;
  assert.equal(late.message, 'The store did not respond before the deadline of the request');
  const ours = new RequestError('not_found', 'No image');
  assert.equal(bucketError(ours, undefined), ours);
});

test('distinguishes a refusal, which fails the start, from an unavailable store', () => {
  for (const error of [
    failure('NoSuchBucket', 404),
    failure('AccessDenied', 403),
    failure('CredentialsProviderError'),
    new NotS3Error('Expected a list of objects but received none'),
  ]) {
    assert.equal(isPermanent(error), true, error.name);
  }
  for (const error of [
    failure('SlowDown', 429),
    failure('RequestTimeout', 408),
    failure('InternalError', 500),
    failure('TimeoutError'),
  ]) {
    assert.equal(isPermanent(error), false, error.name);
  }
});
