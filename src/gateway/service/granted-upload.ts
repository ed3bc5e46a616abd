import { webcrypto } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ErrorCode, RequestError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import type { GrantInUse } from '../access/permission.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestImage, ServiceReply } from './service-reply.ts';
import type { WorkerClient } from './worker-client.ts';

/** Grants in use that have not ended; over it, the oldest may be used for another file. */
const maxGrants = 100_000;

/** A worker that answers so has stored nothing. After other errors it may have. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'too_large',
  'unsupported_format',
  'unprocessable_image',
]);

export type GrantedUpload = (
  request: LaneRequest<'upload'>,
  grant: GrantInUse,
  context: RequestContext,
  image: RequestImage | undefined,
) => Promise<ServiceReply<'upload'>>;

/** Uploads with a grant: one file each, which may be sent again. */
export function createGrantedUpload(workers: WorkerClient): GrantedUpload {
  /** The files that they are for. */
  const files = new LRUCache<string, string>({ max: maxGrants });

  return async (request, grant, context, image) => {
    const { token, expires, max_bytes, formats } = grant;
    const id = await sha256(bytesOf(request, image));
    const msLeft = expires * 1000 - Date.now();
    if (msLeft <= 0) throw forbidden('Expected the whole file before the grant ends');
    const file = grant.image_id ?? files.get(token) ?? id;
    if (file !== id || (request.expected_id ?? id) !== id) throw forbidden('Expected the file that this grant is for');
    files.set(token, file, { ttl: msLeft });
    const asked = {
      ...request,
      expected_id: id,
      ...(max_bytes !== undefined && { max_bytes }),
      ...(formats !== undefined && { formats }),
    };
    try {
      return await workers.ask<'upload'>(asked, context, image);
    } catch (error) {
      if (error instanceof RequestError && refusals.has(error.code)) files.delete(token);
      throw error;
    }
  };
}

/** As a worker reads them, or it refuses the hash. */
function bytesOf({ image_data: text }: LaneRequest<'upload'>, image: RequestImage | undefined): Buffer {
  if (image !== undefined && image.encoding === undefined) return image.bytes;
  const base64 = text ?? image?.bytes.toString('latin1') ?? '';
  return Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
}

/** Lowercase hex; webcrypto runs off the event loop. */
async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(
    await webcrypto.subtle.digest(
      'SHA-256',
      new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length),
    ),
  ).toString('hex');
}

function forbidden(message: string): RequestError {
  return new RequestError('forbidden', message, { parameter: 'grant' });
}
