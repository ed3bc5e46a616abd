import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes } from '../../../contract/errors.ts';
import { noTimes } from '../../times.ts';
import { prefersHtml } from '../accept.ts';
import { noneMatchHolds, originalTag, variantTag } from '../conditions.ts';
import type { HttpDoor } from '../door.ts';
import { cacheHeaders, imageHeaders } from '../image-response.ts';
import { problemHeaders, problemMediaType, problemOf } from '../problem.ts';
import { createRawSender } from './raw-answer.ts';
import { createUrlReader, type Wanted } from './url-reader.ts';

/** Answers a request at once where it can. @returns whether it did; if not, nothing has happened yet */
export type Shortcut = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Answers GET for an image before Fastify makes a request of it, where no worker has to be asked: with an image from memory,
 * with 304, or, while the queue is full, with the refusal that all the work before the queue would end in.
 * To the client it looks the same either way. Whatever is unusual is left to the route.
 */
export function createShortcut(door: HttpDoor): Shortcut {
  const { results } = door;
  const send = createRawSender(door, '/images/:image_id');
  const readUrl = createUrlReader({ presets: door.config.presets, resolver: door.resolver });

  return (request, response) => {
    if (request.method !== 'GET' || door.isDraining()) return false;
    const { headers } = request;
    if (headers.range !== undefined || announcesBody(request)) return false;
    const wanted = readUrl(request.url ?? '', headers.accept);
    const etag = wanted && tagOf(wanted, door.version());
    if (wanted === undefined || etag === undefined) return false;

    const { imageId, parameters, download, isByAccept } = wanted;
    const known = results.recall(imageId, parameters);
    const ifNoneMatch = headers['if-none-match'];
    if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, etag)) {
      if (results.has(imageId, parameters)) {
        send(request, response, { status: 304, headers: cacheHeaders(etag), times: noTimes(), isByAccept });
        return true;
      }
    } else if (known !== undefined) {
      const times = { ...noTimes(), isHit: true };
      const mediaType = known.fields.media_type;
      const sent = imageHeaders({ mediaType, etag, download, isOriginal: parameters === undefined });
      send(request, response, { status: 200, headers: sent, times, isByAccept, body: () => known.image });
      return true;
    }

    const refusal = door.refusal();
    if (refusal === undefined || !results.needsWorker(imageId, parameters) || prefersHtml(headers.accept)) return false;
    send(request, response, {
      status: errorCodes[refusal.code].status,
      headers: [...problemHeaders(refusal), 'content-type', problemMediaType],
      times: noTimes(),
      isByAccept,
      body: (requestId) => Buffer.from(JSON.stringify(problemOf(refusal, requestId))),
    });
    return true;
  };
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function tagOf({ imageId, parameters }: Wanted, version: string | undefined): string | undefined {
  return parameters === undefined ? originalTag(imageId) : variantTag(imageId, parameters, version);
}
