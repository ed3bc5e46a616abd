import { buffer } from 'node:stream/consumers';
import type { PutObjectCommand } from '@aws-sdk/client-s3';
import { bucketError, isMissing, statusOf } from './errors.ts';

export interface BucketOptions {
  s3Bucket: string;
  /** Empty for AWS's own. */
  s3Endpoint: string;
  s3Region: string;
  s3ForcePathStyle: boolean;
}

export interface CallOptions {
  /** Aborted at the deadline of the request; without it, only silence of the store ends a call. */
  signal?: AbortSignal | undefined;
}

export interface GetOptions extends CallOptions {
  /** First and last byte. */
  range?: { first: number; last: number };
}

export interface PutOptions extends CallOptions {
  /** Sends `If-None-Match: *`, which some engines ignore. */
  ifAbsent?: boolean;
  /** SHA-256 of the bytes in lowercase hex: spares hashing them here. The store refuses other bytes. */
  sha256?: string;
  metadata?: Record<string, string>;
  contentType?: string;
}

export interface ListOptions extends CallOptions {
  prefix?: string;
  /** Exclusive; need not exist. */
  startAfter?: string | undefined;
  /** 1 to 1000. */
  limit: number;
}

export interface ObjectInfo {
  /** Of the whole object. */
  size: number;
  /** In whole seconds, since a header holds no more. */
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

/** A call ends after this many milliseconds without a byte from the store, and is tried again. */
const silenceMs = 3000;
const connectMs = 1000;
const maxAttempts = 3;
/** Within the SDK's 50 connections. */
const deletedAtOnce = 16;

/**
 * The calls of S3 that the store needs. Transient failures are tried again while the signal allows it; then every method
 * throws RequestError `store_unavailable`, or `insufficient_storage`. Loads the SDK.
 */
export async function openBucket({ s3Bucket: Bucket, s3Endpoint, s3Region, s3ForcePathStyle }: BucketOptions) {
  // The warning is of later versions of the SDK.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region: s3Region,
    forcePathStyle: s3ForcePathStyle,
    ...(s3Endpoint && { endpoint: s3Endpoint }),
    maxAttempts,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silenceMs },
    // The SDK's own checksums are unknown to many engines; the signature covers the SHA-256 of what is sent.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

  async function call<T>(signal: AbortSignal | undefined, work: (options: object) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await work(signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      throw bucketError(error, signal);
    }
  }

  return {
    /** @returns undefined where there is none */
    get: (key: string, { range, signal }: GetOptions = {}): Promise<ObjectBytes | undefined> =>
      call(signal, async (options) => {
        const Range = range && `bytes=${range.first}-${range.last}`;
        for (let attempt = 1; ; attempt += 1) {
          try {
            const found = await client.send(new sdk.GetObjectCommand({ Bucket, Key: key, Range }), options);
            // Bytes that break off are not covered by the SDK's own retries.
            const bytes = await buffer(found.Body as NodeJS.ReadableStream);
            const size = Number(found.ContentRange?.split('/')[1] ?? found.ContentLength ?? bytes.length);
            return { bytes, size, ...about(found) };
          } catch (error) {
            if (isMissing(error)) return undefined;
            if (statusOf(error) !== undefined || signal?.aborted || attempt === maxAttempts) throw error;
          }
        }
      }),

    /** @returns `created: false` where `ifAbsent` found the key taken */
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
            // Another put of the same key was under way.
            if (statusOf(error) !== 409 || attempt === maxAttempts) throw error;
          }
        }
      }),

    /** @returns undefined where there is none, or no bucket either */
    head: (key: string, { signal }: CallOptions = {}): Promise<ObjectInfo | undefined> =>
      call(signal, async (options) => {
        try {
          const found = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: key }), options);
          return { size: found.ContentLength ?? 0, ...about(found) };
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),

    /** Keys that do not exist are no error. One by one: Ceph's policies for users do not let them delete many at once. */
    delete: (keys: readonly string[], { signal }: CallOptions = {}): Promise<void> =>
      call(signal, async (options) => {
        const remaining = keys.values();
        const deleteInTurn = async () => {
          for (const Key of remaining) await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), options);
        };
        await Promise.all(Array.from({ length: Math.min(keys.length, deletedAtOnce) }, deleteInTurn));
      }),

    /** In the order of keys. */
    list: ({ prefix, startAfter, limit, signal }: ListOptions) =>
      call(signal, async (options): Promise<{ objects: ListedObject[]; isTruncated: boolean }> => {
        const input = { Bucket, Prefix: prefix, StartAfter: startAfter, MaxKeys: limit };
        const page = await client.send(new sdk.ListObjectsV2Command(input), options);
        const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
          key: Key,
          size: Size,
          modifiedAt: wholeSeconds(LastModified),
        }));
        return { objects, isTruncated: page.IsTruncated === true };
      }),

    close: () => client.destroy(),
  };
}

function about(found: { LastModified?: Date | undefined; Metadata?: Record<string, string> | undefined }) {
  return { modifiedAt: wholeSeconds(found.LastModified), metadata: found.Metadata ?? {} };
}

function wholeSeconds(time = new Date(0)): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** The signer takes a hash that the header has already, and else hashes the body on the event loop. */
function withKnownHash(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'withKnownHash' },
  );
}
