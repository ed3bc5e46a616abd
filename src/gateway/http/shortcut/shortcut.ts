import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes } from '../../../contract/errors.ts';
import { prefersHtml } from '../accept.ts';
import { noneMatchHolds } from '../conditions.ts';
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
  /** What is remembered of URLs holds as long as the workers are of the same version. */
  let reader = createUrlReader(door);
  let version = door.version();

  function fromMemory(wanted: Wanted, ifNoneMatch: string | undefined): RawAnswer | undefined {
    const { key, parameters, download, isByAccept } = wanted;
    const known = results.recall(key);
    if (ifNoneMatch !== undefined) {
      const etag = reader.tagOf(wanted);
      if (noneMatchHolds(ifNoneMatch, etag)) {
        if (known === undefined && !results.has(key)) return undefined;
        return { status: 304, headers: cacheHeaders(etag), isByAccept };
      }
    }
    if (known === undefined) return undefined;
    const mediaType = known.fields.media_type;
    const isOriginal = parameters === undefined;
    const headers = imageHeaders({ mediaType, etag: reader.tagOf(wanted), download, isOriginal });
    return { status: 200, headers, isByAccept, isHit: true, body: () => known.image };
  }

  function refusal({ key, isByAccept }: Wanted, accept: string | undefined): RawAnswer | undefined {
    const error = door.refusal();
    if (error === undefined || !results.needsWorker(key) || prefersHtml(accept)) return undefined;
    return {
      status: errorCodes[error.code].status,
      headers: [...problemHeaders(error), 'content-type', problemMediaType],
      isByAccept,
      body: (requestId) => JSON.stringify(problemOf(error, requestId)),
    };
  }

  function find(request: IncomingMessage): RawAnswer | undefined {
    if (!isPlainGet(request) || door.isDraining()) return undefined;
    if (door.version() !== version) {
      reader = createUrlReader(door);
      version = door.version();
    }
    const { accept, 'if-none-match': ifNoneMatch } = request.headers;
    const wanted = reader.read(request.url ?? '', accept);
    return wanted && (fromMemory(wanted, ifNoneMatch) ?? refusal(wanted, accept));
  }

  return (request, response) => {
    try {
      const answer = find(request);
      if (answer === undefined) return false;
      send(request, response, answer);
    } catch (error) {
      // Nobody above would catch it. The route can still answer what nothing was sent of.
      door.log.error({ err: error, url: request.url }, 'shortcut failed');
      if (!response.headersSent) return false;
      response.destroy();
    }
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
