import { buffer } from 'node:stream/consumers';
import type { ListObjectsV2CommandOutput, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketError, isMissing, NotS3Error, statusOf } from './errors.ts';

export interface BucketOptions {
  s3Bucket: string;
  /** Empty for AWS. */
  s3Endpoint: string;
  s3Region: string;
  s3ForcePathStyle: boolean;
}

export interface CallOptions {
  /** Aborted at the deadline of the request; without it, only the socket timeout ends a call. */
  signal?: AbortSignal | undefined;
}

export interface GetOptions extends CallOptions {
  /** First and last byte, both inclusive. */
  range?: { first: number; last: number };
}

export interface PutOptions extends CallOptions {
  /** Puts only a new key, by `If-None-Match: *`, which some engines ignore. */
  ifAbsent?: boolean;
  /** SHA-256 of the bytes in lowercase hex, if known; saves hashing them again. The store rejects other bytes. */
  sha256?: string;
  metadata?: Record<string, string>;
  contentType?: string;
}

/** Where a page of a list starts: after a key, which need not exist, or where the page before it ended. */
export interface ListPosition {
  startAfter?: string | undefined;
  continuationToken?: string | undefined;
}

export interface ListObjectsOptions extends ListPosition, CallOptions {
  prefix?: string;
  /** 1 to 1000. */
  limit: number;
}

export interface ObjectInfo {
  /** Of the whole object. */
  size: number;
  /** In whole seconds, the resolution of the header. */
  modifiedAt: Date;
  metadata: Readonly<Record<string, string>>;
}

export type ObjectBytes = ObjectInfo & { bytes: Buffer };

export interface ListedObject {
  key: string;
  size: number;
  modifiedAt: Date;
}

export type Bucket = Awaited<ReturnType<typeof openBucket>>;

/** A call without a byte from the store for this long is aborted and retried. */
const socketTimeoutMs = 3000;
const connectTimeoutMs = 1000;
const maxAttempts = 3;
/** Within the SDK's 50 connections. */
const maxConcurrentDeletes = 16;

/**
 * Loads the SDK, and opens a client with the S3 calls that the store needs. Transient failures are retried unless the
 * signal is aborted; after that every method throws RequestError `store_unavailable`, or `insufficient_storage`.
 */
export async function openBucket({ s3Bucket: Bucket, s3Endpoint, s3Region, s3ForcePathStyle }: BucketOptions) {
  // Only later versions of the SDK print this warning.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region: s3Region,
    forcePathStyle: s3ForcePathStyle,
    ...(s3Endpoint && { endpoint: s3Endpoint }),
    maxAttempts,
    requestHandler: { connectionTimeout: connectTimeoutMs, socketTimeout: socketTimeoutMs },
    // Many engines do not know the SDK's own checksums; the signature covers the SHA-256 of the body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  rejectHtml(client);

  async function call<T>(signal: AbortSignal | undefined, work: (options: object) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await work(signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      throw bucketError(error, signal);
    }
  }

  return {
    /** @returns undefined if there is no such object */
    get: (key: string, { range, signal }: GetOptions = {}): Promise<ObjectBytes | undefined> =>
      call(signal, async (options) => {
        const Range = range && `bytes=${range.first}-${range.last}`;
        for (let attempt = 1; ; attempt += 1) {
          try {
            const found = await client.send(new sdk.GetObjectCommand({ Bucket, Key: key, Range }), options);
            // The SDK does not retry a body that breaks off.
            const bytes = await buffer(found.Body as NodeJS.ReadableStream);
            const size = Number(found.ContentRange?.split('/')[1] ?? found.ContentLength ?? bytes.length);
            return { bytes, size, ...propertiesOf(found) };
          } catch (error) {
            if (isMissing(error)) return undefined;
            if (statusOf(error) !== undefined || signal?.aborted || attempt === maxAttempts) throw error;
          }
        }
      }),

    /** @returns `created: false` if the key exists and `ifAbsent` is set */
    put: (key: string, bytes: Buffer, { ifAbsent, sha256, metadata, contentType, signal }: PutOptions = {}) =>
      call(signal, async (options): Promise<{ created: boolean }> => {
        const input = { Bucket, Key: key, Body: bytes, Metadata: metadata, ContentType: contentType };
        for (let attempt = 1; ; attempt += 1) {
          const command = new sdk.PutObjectCommand({ ...input, ...(ifAbsent && { IfNoneMatch: '*' }) });
          if (sha256 !== undefined) withKnownHash(command, sha256);
          try {
            await client.send(command, options);
            return { created: true };
          } catch (error) {
            if (statusOf(error) === 412) return { created: false };
            // 409: another put of the same key is in progress.
            if (statusOf(error) !== 409 || attempt === maxAttempts) throw error;
          }
        }
      }),

    /** @returns undefined if there is no such object, or no bucket */
    head: (key: string, { signal }: CallOptions = {}): Promise<ObjectInfo | undefined> =>
      call(signal, async (options) => {
        try {
          const found = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: key }), options);
          return { size: found.ContentLength ?? 0, ...propertiesOf(found) };
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),

    /** Ignores missing keys. Sends one call per key: Ceph's user policies do not allow multi-object deletes. */
    delete: (keys: readonly string[], { signal }: CallOptions = {}): Promise<void> =>
      call(signal, async (options) => {
        const remaining = keys.values();
        const deleteRemaining = async () => {
          for (const Key of remaining) await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), options);
        };
        await Promise.all(Array.from({ length: Math.min(keys.length, maxConcurrentDeletes) }, deleteRemaining));
      }),

    /**
     * Lists objects in the order of their keys. A page may hold fewer than `limit`, or none, and have a next one.
     */
    list: ({ prefix, startAfter, continuationToken, limit, signal }: ListObjectsOptions) =>
      call(signal, async (options): Promise<{ objects: ListedObject[]; next: ListPosition | undefined }> => {
        const position = { StartAfter: startAfter, ContinuationToken: continuationToken };
        const input = { Bucket, Prefix: prefix, ...position, MaxKeys: limit };
        const page = await client.send(new sdk.ListObjectsV2Command(input), options);
        if (page.IsTruncated === undefined) throw new NotS3Error('Expected a list of objects but received none');
        const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
          key: Key,
          size: Size,
          modifiedAt: wholeSeconds(LastModified),
        }));
        return { objects, next: nextPosition(page, continuationToken) };
      }),

    close: () => client.destroy(),
  };
}

/** @throws Error if the next page would be this one again, so that a list ends */
function nextPosition(
  { IsTruncated, NextContinuationToken: continuationToken, Contents }: ListObjectsV2CommandOutput,
  current: string | undefined,
): ListPosition | undefined {
  if (IsTruncated !== true) return undefined;
  if (continuationToken && continuationToken !== current) return { continuationToken };
  const startAfter = Contents?.at(-1)?.Key;
  if (continuationToken || !startAfter) throw new Error('Expected a truncated list to say where it continues');
  return { startAfter };
}

function propertiesOf(found: { LastModified?: Date | undefined; Metadata?: Record<string, string> | undefined }) {
  return { modifiedAt: wholeSeconds(found.LastModified), metadata: found.Metadata ?? {} };
}

function wholeSeconds(time = new Date(0)): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** Rejects successful answers in HTML: a web server has no S3 errors, and would seem to store everything. */
function rejectHtml(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, headers } = result.response as { statusCode: number; headers: Record<string, string> };
      if (statusCode < 300 && /^text\/html\b/i.test(headers['content-type'] ?? '')) {
        throw new NotS3Error('Expected an answer of S3 but received HTML');
      }
      return result;
    },
    { step: 'deserialize', name: 'rejectHtml' },
  );
}

/** Sets the hash in the header, where the signer finds it; otherwise it hashes the body on the event loop. */
function withKnownHash(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'withKnownHash' },
  );
}
