import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { errorCodes } from '../../../contract/errors.ts';
import { operations } from '../../../contract/operations.ts';
import { prefersHtml } from '../accept.ts';
import { noneMatchHolds } from '../conditions.ts';
import type { HttpDoor } from '../door.ts';
import { cacheHeaders, imageHeaders } from '../image-response.ts';
import { problemHeaders, problemMediaType, problemOf } from '../problem.ts';
import { createDoorstep } from './doorstep.ts';
import { createRawSender, type RawAnswer } from './raw-answer.ts';
import { createUrlReader, type Wanted } from './url-reader.ts';

/**
 * Answers GET for an image before Fastify makes a request of it, where no worker has to be asked: with an image from memory,
 * with 304, or, while the queue is full, with the refusal that all the work before the queue would end in.
 * To the client it looks the same either way. Whatever is unusual is left to the route.
 * @param toRoute takes all other requests
 */
export function createShortcut(door: HttpDoor, toRoute: RequestListener): RequestListener {
  const { results } = door;
  const doorstep = createDoorstep();
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

  function refusal({ parameters, isByAccept }: Wanted): RawAnswer | undefined {
    const { weight } = operations[parameters === undefined ? 'retrieve' : 'resize'];
    const error = door.refusal(weight, doorstep.length);
    return (
      error && {
        status: errorCodes[error.code].status,
        headers: [...problemHeaders(error), 'content-type', problemMediaType],
        isByAccept,
        body: (requestId) => JSON.stringify(problemOf(error, requestId)),
      }
    );
  }

  function read(request: IncomingMessage): Wanted | undefined {
    if (!isPlainGet(request) || door.isDraining()) return undefined;
    if (door.version() !== version) {
      reader = createUrlReader(door);
      version = door.version();
    }
    return reader.read(request.url ?? '', request.headers.accept);
  }

  /** @returns whether it is seen to; if not, nothing has happened yet */
  function take(request: IncomingMessage, response: ServerResponse): boolean {
    const wanted = read(request);
    if (wanted === undefined) return false;
    const { accept, 'if-none-match': ifNoneMatch } = request.headers;
    const known = fromMemory(wanted, ifNoneMatch);
    if (known !== undefined) {
      send(request, response, known);
      return true;
    }
    const { key } = wanted;
    if (!results.needsWorker(key) || doorstep.has(key)) return false;
    const refused = refusal(wanted);
    if (refused === undefined) doorstep.wait(key, () => toRoute(request, response));
    else if (prefersHtml(accept)) return false;
    else send(request, response, refused);
    return true;
  }

  return (request, response) => {
    let isSeenTo = false;
    try {
      isSeenTo = take(request, response);
    } catch (error) {
      // Nobody above would catch it. The route can still answer what nothing was sent of.
      door.log.error({ err: error, url: request.url }, 'shortcut failed');
      isSeenTo = response.headersSent;
      if (isSeenTo) response.destroy();
    }
    if (!isSeenTo) toRoute(request, response);
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
