import { LRUCache } from 'lru-cache';
import { type ErrorCode, RequestError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import type { VerifiedGrant } from '../access/permission.ts';
import { fingerprint } from './fingerprint.ts';
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

/** The file of a grant. */
interface GrantedFile {
  /** Of what was sent first, raw or in base64. */
  readonly sent: string;
  /** Once it is stored. */
  imageId?: string;
  /** Uploads of it that are in work. */
  pending: number;
  /** After an error that does not tell. */
  mayBeStored: boolean;
}

export type GrantedUpload = (
  request: LaneRequest<'upload'>,
  grant: VerifiedGrant,
  context: RequestContext,
  image: RequestImage | undefined,
) => Promise<ServiceReply<'upload'>>;

/** Uploads with a grant: one file each, which may be sent again. */
export function createGrantedUpload(workers: WorkerClient): GrantedUpload {
  const files = new LRUCache<string, GrantedFile>({ max: maxGrants });

  return async (request, grant, context, image) => {
    const { token, expires, max_bytes, formats } = grant;
    const sent = await fingerprint(image?.bytes ?? Buffer.from(request.image_data ?? ''));
    const msLeft = expires * 1000 - Date.now();
    if (msLeft <= 0) throw forbidden('Expected the whole file before the grant ends');
    const known = files.get(token);
    const file: GrantedFile = known ?? { sent, pending: 0, mayBeStored: false };
    const imageId = grant.image_id ?? file.imageId;
    const isOther = imageId === undefined ? file.sent !== sent : (request.expected_id ?? imageId) !== imageId;
    if (isOther) throw otherFile();
    if (known === undefined) files.set(token, file, { ttl: msLeft });
    const asked = {
      ...request,
      ...(imageId !== undefined && { expected_id: imageId }),
      ...(max_bytes !== undefined && { max_bytes }),
      ...(formats !== undefined && { formats }),
    };
    file.pending += 1;
    try {
      const reply = await workers.ask<'upload'>(asked, context, image);
      file.imageId = reply.fields.image_id;
      return reply;
    } catch (error) {
      const { code, parameter } = error instanceof RequestError ? error : ({ code: 'internal' } as const);
      if (!refusals.has(code)) file.mayBeStored = true;
      throw imageId !== undefined && parameter === 'image_id' ? otherFile() : error;
    } finally {
      file.pending -= 1;
      const isStored = file.imageId !== undefined || file.mayBeStored;
      if (file.pending === 0 && !isStored && files.get(token) === file) files.delete(token);
    }
  };
}

function otherFile(): RequestError {
  return forbidden('Expected the file that this grant is for');
}

function forbidden(message: string): RequestError {
  return new RequestError('forbidden', message, { parameter: 'grant' });
}
