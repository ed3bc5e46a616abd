import { LRUCache } from 'lru-cache';
import { RequestError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import type { GrantInUse } from '../access/permission.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestImage, ServiceReply } from './service-reply.ts';
import type { WorkerClient } from './worker-client.ts';

/** Grants that were used and have not ended; over it, the oldest may be used for another file. */
const maxGrants = 100_000;

const uploading = Symbol('uploading');

export type GrantedUpload = (
  request: LaneRequest<'upload'>,
  grant: GrantInUse,
  context: RequestContext,
  image: RequestImage | undefined,
) => Promise<ServiceReply<'upload'>>;

/** Uploads with a grant: one file each, which may be sent again. */
export function createGrantedUpload(workers: WorkerClient): GrantedUpload {
  const used = new LRUCache<string, string | typeof uploading>({ max: maxGrants });

  return async (request, grant, context, image) => {
    const before = used.get(grant.token);
    if (before === uploading) {
      throw new RequestError('overloaded', 'Expected one upload at a time with this grant', { parameter: 'grant' });
    }
    const imageId = grant.image_id ?? before;
    if (imageId !== undefined && (request.expected_id ?? imageId) !== imageId) throw otherFile(imageId);
    const { expires, max_bytes, formats } = grant;
    const ttl = Math.max(1, expires * 1000 - Date.now());
    used.set(grant.token, uploading, { ttl });
    let stored = before;
    try {
      const asked = {
        ...request,
        ...(imageId !== undefined && { expected_id: imageId }),
        ...(max_bytes !== undefined && { max_bytes }),
        ...(formats !== undefined && { formats }),
      };
      const reply = await workers.ask<'upload'>(asked, context, image);
      stored = reply.fields.image_id;
      return reply;
    } catch (error) {
      const isOther = error instanceof RequestError && error.parameter === 'image_id' && imageId !== undefined;
      throw isOther ? otherFile(imageId) : error;
    } finally {
      if (stored === undefined) used.delete(grant.token);
      else used.set(grant.token, stored, { ttl });
    }
  };
}

function otherFile(imageId: string): RequestError {
  return new RequestError('forbidden', `Expected the file ${imageId}, which this grant is for, but received another`, {
    parameter: 'grant',
  });
}
