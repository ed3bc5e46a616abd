import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes } from '../../../contract/errors.ts';
import { prefersHtml } from '../accept.ts';
import { noneMatchHolds, originalTag, variantTag } from '../conditions.ts';
import type { HttpDoor } from '../door.ts';
import { cacheHeaders, imageHeaders } from '../image-response.ts';
import { problemHeaders, problemMediaType, problemOf } from '../problem.ts';
import { createRawSender, type RawAnswer } from './raw-answer.ts';
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

  function fromMemory(
    { imageId, parameters, download, isByAccept }: Wanted,
    ifNoneMatch?: string,
  ): RawAnswer | undefined {
    const known = results.recall(imageId, parameters);
    if (known === undefined && ifNoneMatch === undefined) return undefined;
    const isOriginal = parameters === undefined;
    const etag = isOriginal ? originalTag(imageId) : variantTag(imageId, parameters, door.version());
    if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, etag)) {
      if (!results.has(imageId, parameters)) return undefined;
      return { status: 304, headers: cacheHeaders(etag), isByAccept };
    }
    if (known === undefined) return undefined;
    const headers = imageHeaders({ mediaType: known.fields.media_type, etag, download, isOriginal });
    return { status: 200, headers, isByAccept, isHit: true, body: () => known.image };
  }

  function refusal({ imageId, parameters, isByAccept }: Wanted, accept?: string): RawAnswer | undefined {
    const error = door.refusal();
    if (error === undefined || !results.needsWorker(imageId, parameters) || prefersHtml(accept)) return undefined;
    return {
      status: errorCodes[error.code].status,
      headers: [...problemHeaders(error), 'content-type', problemMediaType],
      isByAccept,
      body: (requestId) => JSON.stringify(problemOf(error, requestId)),
    };
  }

  return (request, response) => {
    if (!isPlainGet(request) || door.isDraining()) return false;
    const { accept, 'if-none-match': ifNoneMatch } = request.headers;
    const wanted = readUrl(request.url ?? '', accept);
    const answer = wanted && (fromMemory(wanted, ifNoneMatch) ?? refusal(wanted, accept));
    if (answer === undefined) return false;
    send(request, response, answer);
    return true;
  };
}

/** Whether it asks for the whole of something and brings nothing along. */
function isPlainGet({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.range === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}
