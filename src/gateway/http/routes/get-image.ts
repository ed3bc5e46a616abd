import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { AcceptedFormat, LaneRequest } from '../../../contract/lane.ts';
import type { Weight } from '../../../contract/operations.ts';
import type { Parameters } from '../../../contract/parameters.ts';
import { withPreset } from '../../../contract/presets.ts';
import type { ResultKey } from '../../cache/key.ts';
import { memoizeByObject } from '../../memoize.ts';
import type { Route } from '../door.ts';
import { acceptedFormats } from '../negotiation/accepted-formats.ts';
import { vary } from '../negotiation/vary.ts';
import { getImageSchema, headImageSchema } from '../openapi/image-schemas.ts';
import { noneMatchHolds } from '../request/conditions.ts';
import { parseRange } from '../request/range.ts';
import { sendImage, setCacheHeaders, setImageHeaders } from '../response/image-response.ts';
import { HttpError } from '../response/problem.ts';

interface ImageRoute extends RouteGenericInterface {
  Params: { image_id: string };
  Querystring: Parameters & { download?: string };
}

type ImageRequest = FastifyRequest<ImageRoute>;

/** What follows from a query string alone. */
interface ImageQuery {
  /** Undefined for the image as uploaded. */
  parameters: Parameters | undefined;
  download: string | undefined;
  /** Whether the format depends on the header Accept. */
  isAuto: boolean;
  usesPreset: boolean;
}

/** Answers from memory in one synchronous step, which needs no promise; everything else asks the service. */
export const getImage: Route = (app, door) => {
  const { service, refusal } = door;

  const readQuery = memoizeByObject(({ download, ...given }: ImageRoute['Querystring']): ImageQuery => {
    const parameters = Object.keys(given).length === 0 ? undefined : given;
    const isAuto = parameters !== undefined && withPreset(parameters, door.config.presets).format === 'auto';
    return { parameters, download, isAuto, usesPreset: given.preset !== undefined };
  });

  function handler(request: ImageRequest, reply: FastifyReply): undefined | Promise<void> {
    const { image_id: imageId } = request.params;
    const query = readQuery(request.query);
    const { parameters, isAuto } = query;
    if (isAuto) vary(reply, 'Accept');
    const accept = isAuto ? acceptedFormats(request.headers.accept) : undefined;
    const key = service.keyOf(imageId, parameters, accept);
    const isCached = key !== undefined && service.has(key);

    const { 'if-none-match': ifNoneMatch } = request.headers;
    if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, key?.etag)) {
      if (!isCached) return confirmNotModified(request, reply, query, key);
      sendNotModified(reply, query, key);
      return undefined;
    }
    const range = parameters === undefined ? rangeOf(request, key) : undefined;
    if (range === undefined && isCached) {
      const known = service.peek(key);
      if (known !== undefined) {
        request.context.timings.isHit = true;
        send(reply, query, key, known.fields.media_type, known.image);
        return undefined;
      }
    }
    if (!isCached && !(key !== undefined && service.isInFlight(key)))
      refuseWhileFull(parameters === undefined ? 'light' : 'heavy');
    if (parameters !== undefined) return sendVariant(request, reply, query, parameters, accept);
    return request.method === 'HEAD'
      ? sendOriginalHead(request, reply, query, key)
      : sendOriginal(request, reply, query, key, range);
  }

  /** @throws RequestError `overloaded` */
  function refuseWhileFull(weight: Weight): void {
    const refused = refusal(weight);
    if (refused !== undefined) throw refused;
  }

  /** Answers 304 only for an image that is still stored. */
  async function confirmNotModified(
    request: ImageRequest,
    reply: FastifyReply,
    query: ImageQuery,
    key: ResultKey | undefined,
  ): Promise<void> {
    refuseWhileFull('light');
    await service.perform<'retrieve'>(
      { operation: 'retrieve', image_id: request.params.image_id, length: 0 },
      request.context,
    );
    sendNotModified(reply, query, key);
  }

  async function sendVariant(
    request: ImageRequest,
    reply: FastifyReply,
    query: ImageQuery,
    parameters: Parameters,
    accept: readonly AcceptedFormat[] | undefined,
  ): Promise<void> {
    const { image_id } = request.params;
    const { fields, images } = await service.perform<'resize'>(
      { operation: 'resize', image_id, ...parameters, ...(accept && { accept: accept as AcceptedFormat[] }) },
      request.context,
    );
    // With format=auto the key is known only now.
    const key = service.keyOf(image_id, parameters, accept);
    const { 'if-none-match': ifNoneMatch } = request.headers;
    if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, key?.etag)) return sendNotModified(reply, query, key);
    send(reply, query, key, fields.media_type, images[0] as Buffer);
  }

  async function sendOriginalHead(
    request: ImageRequest,
    reply: FastifyReply,
    query: ImageQuery,
    key: ResultKey | undefined,
  ): Promise<void> {
    const { image_id } = request.params;
    const { fields } = await service.perform<'retrieve'>(
      { operation: 'retrieve', image_id, length: 0 },
      request.context,
    );
    const { download, usesPreset } = query;
    setImageHeaders(reply, {
      mediaType: fields.media_type,
      etag: key?.etag,
      download,
      usesPreset,
      isOriginal: true,
    });
    reply.header('content-length', fields.size).send();
  }

  async function sendOriginal(
    request: ImageRequest,
    reply: FastifyReply,
    query: ImageQuery,
    key: ResultKey | undefined,
    range: LaneRequest<'retrieve'>['range'],
  ): Promise<void> {
    const { image_id } = request.params;
    const { fields, images } = await service.perform<'retrieve'>(
      { operation: 'retrieve', image_id, ...(range && { range }) },
      request.context,
    );
    const image = images[0] as Buffer;
    if (range !== undefined) {
      const { offset = 0, size } = fields;
      if (image.length === 0) throw unsatisfiable(request.headers.range, size);
      reply.code(206).header('content-range', `bytes ${offset}-${offset + image.length - 1}/${size}`);
    }
    send(reply, query, key, fields.media_type, image);
  }

  function send(
    reply: FastifyReply,
    { parameters, download, usesPreset }: ImageQuery,
    key: ResultKey | undefined,
    mediaType: string,
    image: Buffer,
  ): void {
    setImageHeaders(reply, { mediaType, etag: key?.etag, download, usesPreset, isOriginal: parameters === undefined });
    sendImage(reply, image, door);
  }

  function sendNotModified(reply: FastifyReply, { usesPreset }: ImageQuery, key: ResultKey | undefined): void {
    setCacheHeaders(reply, { etag: key?.etag, usesPreset });
    reply.code(304).send();
  }

  const url = '/images/:image_id';
  // A list of one method: @fastify/swagger takes a lone HEAD for a copy of its GET and renames it.
  app.route<ImageRoute>({ method: ['HEAD'], url, schema: headImageSchema, handler });
  app.route<ImageRoute>({ method: 'GET', url, exposeHeadRoute: false, schema: getImageSchema, handler });
};

/** The range to send, where the header counts: with If-Range only while the entity tag is current, and never for HEAD. */
function rangeOf({ method, headers }: ImageRequest, key: ResultKey | undefined): LaneRequest<'retrieve'>['range'] {
  const { range, 'if-range': ifRange } = headers;
  if (range === undefined || method === 'HEAD') return undefined;
  return ifRange === undefined || ifRange === key?.etag ? parseRange(range) : undefined;
}

function unsatisfiable(header: string | undefined, size: number): HttpError {
  return new HttpError(416, `Expected a range within ${size} bytes but received ${header}`, {
    parameter: 'Range',
    headers: { 'content-range': `bytes */${size}` },
  });
}
