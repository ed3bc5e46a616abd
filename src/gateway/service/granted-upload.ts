import { LRUCache } from 'lru-cache';
import { type ErrorCode, RequestError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import type { VerifiedGrant } from '../access/permission.ts';
import { fingerprint } from './fingerprint.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestImage, ServiceReply } from './service-reply.ts';
import type { WorkerClient } from './worker-client.ts';

/** Grants tracked until they expire. Beyond this, the least recently used can be used for another file. */
const maxGrants = 100_000;

/** Errors after which nothing was stored; after any other, the file may have been. */
const nothingStoredCodes: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'too_large',
  'unsupported_format',
  'unprocessable_image',
]);

/** The file that a grant was first used for. */
interface GrantedFile {
  /** Fingerprint of the first upload as sent, raw or in base64. */
  readonly fingerprint: string;
  /** Set once the file is stored. */
  imageId?: string;
  /** Uploads in progress. */
  pending: number;
  /** After an error that leaves it open. */
  mayBeStored: boolean;
}

export type GrantedUpload = (
  request: LaneRequest<'upload'>,
  grant: VerifiedGrant,
  context: RequestContext,
  image: RequestImage | undefined,
) => Promise<ServiceReply<'upload'>>;

/** Handles uploads with a grant: one file per grant, which may be resent. */
export function createGrantedUpload(workers: WorkerClient): GrantedUpload {
  const files = new LRUCache<string, GrantedFile>({ max: maxGrants });

  return async (request, grant, context, image) => {
    const { token, expires, max_bytes, formats } = grant;
    const sent = await fingerprint(image?.bytes ?? Buffer.from(request.image_data ?? ''));
    const msLeft = expires * 1000 - Date.now();
    if (msLeft <= 0) throw forbidden('Expected the whole file before the grant expires');
    const known = files.get(token);
    const file: GrantedFile = known ?? { fingerprint: sent, pending: 0, mayBeStored: false };
    const imageId = grant.image_id ?? file.imageId;
    const isWrongFile =
      imageId === undefined ? file.fingerprint !== sent : (request.expected_id ?? imageId) !== imageId;
    if (isWrongFile) throw wrongFile();
    if (known === undefined) files.set(token, file, { ttl: msLeft });
    const workerRequest = {
      ...request,
      ...(imageId !== undefined && { expected_id: imageId }),
      ...(max_bytes !== undefined && { max_bytes }),
      ...(formats !== undefined && { formats }),
    };
    file.pending += 1;
    try {
      const reply = await workers.ask<'upload'>(workerRequest, context, image);
      file.imageId = reply.fields.image_id;
      return reply;
    } catch (error) {
      const { code, parameter } = error instanceof RequestError ? error : ({ code: 'internal' } as const);
      if (!nothingStoredCodes.has(code)) file.mayBeStored = true;
      throw imageId !== undefined && parameter === 'image_id' ? wrongFile() : error;
    } finally {
      file.pending -= 1;
      const isStored = file.imageId !== undefined || file.mayBeStored;
      if (file.pending === 0 && !isStored && files.get(token) === file) files.delete(token);
    }
  };
}

function wrongFile(): RequestError {
  return forbidden('Expected the file that this grant is for');
}

function forbidden(message: string): RequestError {
  return new RequestError('forbidden', message, { parameter: 'grant' });
}
