import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { publicError, RequestError } from '../../../contract/errors.ts';
import { tooLarge } from '../../../contract/messages.ts';
import { received } from '../../../contract/validate.ts';
import type { Logger } from '../../../log.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { isGone } from '../response/lifetime.ts';
import { HttpError, problemMediaType, problemOf, sendProblem } from '../response/problem.ts';
import { openContext } from './request-context.ts';

type Methods = readonly string[];

/** Answers every error as a problem: ours, Fastify's, an unknown URL (404) and a wrong method (405 with Allow). */
export function errors(app: App, { config, log }: Pick<HttpDoorOptions, 'config' | 'log'>): void {
  const routes = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = routes.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    routes.set(url, methods);
  });

  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, config.maxUploadBytes, log));

  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = methodsAt(path, routes);
    if (methods === undefined) throw new RequestError('not_found', `No route at ${received(path)}`);
    throw new HttpError(405, `Expected ${methods.join(' or ')} for ${received(path)} but received ${request.method}`, {
      headers: { allow: methods.join(', ') },
    });
  });
}

function methodsAt(path: string, routes: ReadonlyMap<string, ReadonlySet<string>>): Methods | undefined {
  const segments = path.split('/');
  for (const [url, methods] of routes) {
    const pattern = url.split('/');
    const fits = pattern.every((part, index) => part === segments[index] || (part.startsWith(':') && segments[index]));
    if (fits && pattern.length === segments.length) return [...methods].sort();
  }
  return undefined;
}

/** Answers requests whose URL Fastify's router cannot decode; they pass no hook. */
export function frameworkErrors(options: Pick<HttpDoorOptions, 'config' | 'log' | 'openRequests'>) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    openContext(options, request, reply);
    void answerError(error, request, reply, options.config.maxUploadBytes, options.log);
  };
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  maxUploadBytes: number,
  log: Logger,
): FastifyReply {
  // The client has gone.
  if (isGone(reply.raw)) return reply.hijack();
  const answer = publicError(fromFastify(error, maxUploadBytes));
  if (answer.code === 'internal') {
    log.error(
      { request_id: request.id, route: request.routeOptions?.url, err: answer.cause ?? answer },
      'internal error',
    );
  }
  return sendProblem(reply, answer);
}

/** Maps Fastify's errors by their codes; those without a code of ours keep their 4xx status. */
function fromFastify(error: unknown, maxUploadBytes: number): unknown {
  if (error instanceof RequestError) return error;
  const { code, statusCode = 500, message } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return new RequestError('invalid_request', 'Expected a URL with valid percent-encoding', { cause: error });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new RequestError('invalid_request', 'Expected a shorter URL', { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestError('unsupported_format', 'Expected a Content-Type that can be read', {
        parameter: 'Content-Type',
        cause: error,
      });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new RequestError('invalid_request', 'Expected a body as long as Content-Length says', { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(maxUploadBytes);
    case 'FST_ERR_NOT_FOUND':
      return new RequestError('not_found', 'No such route', { cause: error });
    default:
      if (statusCode < 400 || statusCode > 499) return error;
      return new HttpError(statusCode, message ?? 'Expected a valid request', { cause: error });
  }
}

/** The client closed the connection within its request, as most do after an error response. */
const disconnects = ['ECONNRESET', 'HPE_INVALID_EOF_STATE'];

const clientErrors: Record<string, { status: number; detail: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'Expected the whole request sooner' },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'Expected less in the headers' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'Expected less in the chunk extensions' },
};

/** Answers what Node.js cannot parse as HTTP, or did not get in time: there is only a socket, no request. */
export function clientErrorHandler(log: Logger) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (socket.destroyed || !socket.writable || disconnects.includes(error.code ?? '')) {
      socket.destroy();
      return;
    }
    const { status, detail } = clientErrors[error.code ?? ''] ?? { status: 400, detail: 'Expected a request in HTTP' };
    const requestId = randomUUID();
    const body = JSON.stringify(problemOf(new HttpError(status, detail), requestId));
    log.info({ request_id: requestId, status, cause: error.code }, 'request cannot be parsed');
    socket.write(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Content-Type: ${problemMediaType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${requestId}`,
        'X-Content-Type-Options: nosniff',
        'Cache-Control: no-store',
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    socket.destroySoon();
  };
}
