import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { AcceptedFormat, LaneRequest } from '../../../contract/lane.ts';
import type { OperationName } from '../../../contract/operations.ts';
import type { Parameters } from '../../../contract/parameters.ts';
import { withPreset } from '../../../contract/presets.ts';
import type { ResultKey } from '../../cache/key.ts';
import { memoizeByObject } from '../../memoize.ts';
import type { Route } from '../door.ts';
import { acceptedFormats } from '../negotiation/accepted-formats.ts';
import { vary } from '../negotiation/vary.ts';
import { getImageSchema, headImageSchema } from '../openapi/image-schemas.ts';
import { failedPrecondition, type Precondition, preconditionError } from '../request/conditions.ts';
import { parseRange } from '../request/range.ts';
import { createCacheControl } from '../response/cache-control.ts';
import { setCacheHeaders, setImageHeaders } from '../response/image-headers.ts';
import { HttpError } from '../response/problem.ts';
import { sendWithinBudget } from '../response/send-within-budget.ts';

interface ImageRoute extends RouteGenericInterface {
  Params: { image_id: string };
  Querystring: Parameters & { download?: string; signature?: string; expires?: number };
}

type ImageRequest = FastifyRequest<ImageRoute>;

interface ImageQuery {
  /** Undefined for the original. */
  parameters: Parameters | undefined;
  download: string | undefined;
  /** `format=auto`: Accept decides the format. */
  isAuto: boolean;
  hasWatermark: boolean;
  usesPreset: boolean;
}

interface Call {
  request: ImageRequest;
  reply: FastifyReply;
  query: ImageQuery;
  key: ResultKey | undefined;
}

/** Cache hits are answered synchronously, without a promise. */
export const getImage: Route = (app, door) => {
  const { service, checkQueue } = door;
  const cacheControl = createCacheControl(door.config.maxAgeSeconds);

  const readQuery = memoizeByObject(
    ({ download, signature: _, expires: __, ...given }: ImageRoute['Querystring']): ImageQuery => {
      const parameters = Object.keys(given).length === 0 ? undefined : given;
      const { format, watermark } = withPreset(given, door.config.presets);
      const has = { isAuto: format === 'auto', hasWatermark: watermark !== undefined };
      return { parameters, download, ...has, usesPreset: given.preset !== undefined };
    },
  );

  function handler(request: ImageRequest, reply: FastifyReply): undefined | Promise<void> {
    const query = readQuery(request.query);
    const { parameters, isAuto, hasWatermark } = query;
    if (isAuto) vary(reply, 'Accept');
    const accept = isAuto ? acceptedFormats(request.headers.accept) : undefined;
    const key = service.keyOf(request.params.image_id, parameters, accept);
    const isCached = key !== undefined && service.has(key);
    const call = { request, reply, query, key };

    const precondition = failedPrecondition(request.headers, key?.etag);
    if (precondition !== undefined) {
      if (isCached) {
        answerFailedPrecondition(call, precondition);
        return undefined;
      }
      // Only if the request would succeed otherwise (RFC 9110, 13.2.1). A client with the tag once got the result, so
      // it is enough that the image still exists.
      const clientHadIt = precondition === 'If-None-Match' && request.headers['if-none-match'] !== '*';
      if (parameters === undefined || (clientHadIt && !hasWatermark))
        return statOriginal(request).then(() => answerFailedPrecondition(call, precondition));
    }
    const range = parameters === undefined ? requestedRange(request, key) : undefined;
    if (range === undefined && isCached) {
      const cached = service.peek(key);
      if (cached !== undefined) {
        request.context.timings.isHit = true;
        send(call, cached.fields.media_type, cached.image);
        return undefined;
      }
    }
    if (!isCached && !(key !== undefined && service.isInFlight(key)))
      checkQueue(parameters === undefined ? 'light' : 'heavy');
    if (parameters !== undefined) return sendVariant(call, parameters, accept);
    return request.method === 'HEAD' ? sendOriginalHead(call) : sendOriginal(call, range);
  }

  /** @throws RequestError `not_found`, `overloaded` */
  async function statOriginal({ params: { image_id }, context }: ImageRequest) {
    checkQueue('light');
    return (await service.perform<'retrieve'>({ operation: 'retrieve', image_id, length: 0 }, context)).fields;
  }

  async function sendVariant(
    call: Call,
    parameters: Parameters,
    accept: readonly AcceptedFormat[] | undefined,
  ): Promise<void> {
    const { headers, params, context } = call.request;
    const { image_id } = params;
    const { fields, images, key } = await service.perform<'resize'>(
      { operation: 'resize', image_id, ...parameters, ...(accept && { accept: accept as AcceptedFormat[] }) },
      context,
    );
    // With format=auto, or workers of another version, the key is known only now.
    const keyedCall = { ...call, key };
    const precondition = failedPrecondition(headers, key?.etag ?? '');
    if (precondition !== undefined) return answerFailedPrecondition(keyedCall, precondition);
    send(keyedCall, fields.media_type, images[0] as Buffer);
  }

  async function sendOriginalHead(call: Call): Promise<void> {
    const { media_type, size } = await statOriginal(call.request);
    setHeaders(call, media_type).header('content-length', size).send();
  }

  async function sendOriginal(call: Call, range: LaneRequest<'retrieve'>['range']): Promise<void> {
    const { request, reply } = call;
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
    send(call, fields.media_type, image);
  }

  function send(call: Call, mediaType: string, image: Buffer): void {
    sendWithinBudget(setHeaders(call, mediaType), image, door);
  }

  function setHeaders(call: Call, mediaType: string): FastifyReply {
    const { parameters, download } = call.query;
    const isOriginal = parameters === undefined;
    setImageHeaders(call.reply, { ...cacheable(call), mediaType, download, isOriginal });
    return call.reply;
  }

  const cacheable = ({ request, query, key }: Call) => ({
    key,
    cacheControl: cacheControl(request.context.permission, query.usesPreset),
  });

  /** @throws HttpError 412 */
  function answerFailedPrecondition(call: Call, precondition: Precondition): void {
    if (precondition === 'If-Match') throw preconditionError(precondition, call.request.headers);
    setCacheHeaders(call.reply, cacheable(call));
    call.reply.code(304).send();
  }

  const url = '/images/:image_id';
  const config = { operation: operationOf, right: 'read' } as const;
  // As an array: @fastify/swagger mistakes a plain HEAD for the copy of its GET and renames it.
  app.route<ImageRoute>({ method: ['HEAD'], url, config, schema: headImageSchema, handler });
  app.route<ImageRoute>({ method: 'GET', url, exposeHeadRoute: false, config, schema: getImageSchema, handler });
};

const noParameters: ReadonlySet<string> = new Set(['download', 'signature', 'expires']);

/** The operation that the query asks for, whether valid or not. */
function operationOf({ query }: FastifyRequest): OperationName {
  for (const name in query as object) if (!noParameters.has(name)) return 'resize';
  return 'retrieve';
}

/** The range to serve: none for HEAD, and with If-Range only if its entity tag is current. */
function requestedRange(
  { method, headers }: ImageRequest,
  key: ResultKey | undefined,
): LaneRequest<'retrieve'>['range'] {
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
