import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { Parameters } from '../../../contract/parameters.ts';
import { once } from '../../remember.ts';
import { type ByteRange, noneMatchHolds, originalTag, parseRange, variantTag } from '../conditions.ts';
import type { HttpDoor, Route } from '../door.ts';
import { setHeaders } from '../headers.ts';
import { cacheHeaders, imageHeaders, sendImage } from '../image-response.ts';
import { callerOf } from '../lifetime.ts';
import { HttpError } from '../problem.ts';
import { imageParams, imageQuery, imageRequestHeaders } from '../query.ts';
import { emptyResponse, headers, imageResponse, problemResponse, problemResponses } from '../responses.ts';

interface ImageRoute extends RouteGenericInterface {
  Params: { image_id: string };
  Querystring: Parameters & { download?: string };
}

const shared = {
  tags: ['images'],
  headers: imageRequestHeaders,
  params: imageParams,
  querystring: imageQuery,
};

const found = {
  ETag: headers.ETag,
  'Cache-Control': headers['Cache-Control'],
  'Accept-Ranges': headers['Accept-Ranges'],
  'Content-Disposition': headers['Content-Disposition'],
  Vary: headers.Vary,
};

const problems = problemResponses('not_found', 'unsupported_format', 'unprocessable_image');

const notModified = emptyResponse('The client has this image already.', {
  ETag: headers.ETag,
  'Cache-Control': headers['Cache-Control'],
  Vary: headers.Vary,
});

export const getImage: Route = (app, door) => {
  const handler = (request: FastifyRequest<ImageRoute>, reply: FastifyReply) => answer(request, reply, door);

  // A list of one method, since the documents take a lone HEAD for a copy of its GET and rename it.
  app.route<ImageRoute>({
    method: ['HEAD'],
    url: '/images/:image_id',
    schema: {
      ...shared,
      operationId: 'headImage',
      summary: 'Ask for the size and kind of an image',
      description: 'Answers as GET does, without the image.',
      response: {
        200: emptyResponse('The image is there.', { ...found, 'Content-Length': headers['Content-Length'] }),
        304: notModified,
        ...problems,
      },
    },
    handler,
  });

  app.route<ImageRoute>({
    method: 'GET',
    url: '/images/:image_id',
    exposeHeadRoute: false,
    schema: {
      ...shared,
      operationId: 'getImage',
      summary: 'Get an image, in any size and format',
      description:
        'Without a transformation parameter the image as it was uploaded, byte for byte; a Range header gets a part of it. With one or more, a new image made from it.',
      response: {
        200: imageResponse('The image.', found),
        206: imageResponse('The part of the image that Range asks for.', {
          ...found,
          'Content-Range': headers['Content-Range'],
        }),
        304: notModified,
        ...problems,
        416: problemResponse('The image has no such bytes', false, { 'Content-Range': headers['Content-Range'] }),
      },
    },
    handler,
  });
};

async function answer(request: FastifyRequest<ImageRoute>, reply: FastifyReply, door: HttpDoor): Promise<FastifyReply> {
  const { image_id } = request.params;
  const { download, parameters: given } = splitQuery(request.query);
  const { 'if-none-match': ifNoneMatch } = request.headers;
  const parameters = given && (await door.resolver.resolve(request, reply, { parameters: given, imageId: image_id }));
  const etag = parameters === undefined ? originalTag(image_id) : variantTag(image_id, parameters, door.version());

  if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, etag)) {
    // Whoever asks about an image that is not there, or no longer, is told so.
    if (!door.results.has(door.results.keyOf(image_id, parameters)))
      await door.ask({ operation: 'retrieve', image_id, length: 0 }, callerOf(request, reply));
    return setHeaders(reply, cacheHeaders(etag)).code(304).send();
  }
  if (parameters === undefined)
    return sendOriginal(request, reply, door, { etag, download, ...callerOf(request, reply) });

  const asked = { operation: 'resize', image_id, ...parameters } as const;
  const { reply: made, image } = await door.ask(asked, callerOf(request, reply));
  setHeaders(reply, imageHeaders({ mediaType: made.media_type, etag, download, isOriginal: false }));
  return sendImage(reply, image, door.budget);
}

/** The transformation parameters of a query, where it has any, apart from what is only about the answer. */
const splitQuery = once(({ download, ...parameters }: ImageRoute['Querystring']) => ({
  download,
  parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
}));

interface OriginalOptions extends ReturnType<typeof callerOf> {
  etag: string | undefined;
  download: string | undefined;
}

async function sendOriginal(
  request: FastifyRequest<ImageRoute>,
  reply: FastifyReply,
  { ask, budget }: HttpDoor,
  { etag, download, ...options }: OriginalOptions,
): Promise<FastifyReply> {
  const { image_id } = request.params;
  const isHead = request.method === 'HEAD';
  const rangeHeader = isHead ? undefined : rangeOf(request, etag);
  let range: ByteRange | undefined;

  if (isHead || rangeHeader !== undefined) {
    const { reply: stored } = await ask({ operation: 'retrieve', image_id, length: 0 }, options);
    if (isHead) {
      setHeaders(reply, imageHeaders({ mediaType: stored.media_type, etag, download, isOriginal: true }));
      return reply.header('content-length', stored.size).send();
    }
    range = satisfiable(rangeHeader ?? '', stored.size);
  }

  const part = range === undefined ? {} : { offset: range.start, length: range.end - range.start + 1 };
  const { reply: stored, image } = await ask({ operation: 'retrieve', image_id, ...part }, options);
  setHeaders(reply, imageHeaders({ mediaType: stored.media_type, etag, download, isOriginal: true }));
  if (range !== undefined) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${stored.size}`);
  }
  return sendImage(reply, image, budget);
}

/** The Range header, where it counts: If-Range asks for it only as long as the image is still the one meant. */
function rangeOf({ headers }: FastifyRequest<ImageRoute>, etag: string | undefined): string | undefined {
  const ifRange = headers['if-range'];
  return ifRange === undefined || ifRange === etag ? headers.range : undefined;
}

function satisfiable(header: string, size: number): ByteRange | undefined {
  const range = parseRange(header, size);
  if (range !== 'unsatisfiable') return range;
  throw new HttpError(416, `Expected a range within ${size} bytes but received ${header}`, {
    parameter: 'Range',
    headers: { 'content-range': `bytes */${size}` },
  });
}
