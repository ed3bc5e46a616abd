import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { type ErrorCode, publicError, RequestError } from '../../../contract/errors.ts';
import { tooLarge } from '../../../contract/messages.ts';
import type { Logger } from '../../../log.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { pathOf } from '../request/path.ts';
import { isConnectionLost } from '../response/lifetime.ts';
import { HttpError, problemMediaType, problemOf, sendProblem } from '../response/problem.ts';
import { openContext } from './request-context.ts';

/** Answers every error as a problem, including 404, and 405 with Allow. */
export function errors(app: App, { config, log }: Pick<HttpDoorOptions, 'config' | 'log'>): void {
  const routes = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, routePath, method }) => {
    // Fastify adds the root of a prefix with a trailing slash as well, without calling this hook.
    for (const pattern of routePath === '' ? [url, `${url}/`] : [url]) {
      const methods = routes.get(pattern) ?? new Set();
      for (const name of [method].flat()) methods.add(name);
      routes.set(pattern, methods);
    }
  });

  app.setErrorHandler((error, request, reply) => {
    // Fastify checks the body of a QUERY before routing; no route takes QUERY.
    const isQuery = (error as FastifyError).code?.startsWith('FST_ERR_ROUTE_MISSING_');
    return answerError(isQuery ? routeError(request) : error, request, reply, config.maxUploadBytes, log);
  });
  app.setNotFoundHandler((request) => {
    throw routeError(request);
  });

  function routeError({ url, method }: FastifyRequest): RequestError {
    const path = pathOf(url);
    const methods = methodsAt(path, routes);
    if (methods === undefined) return new RequestError('not_found', `No route at ${received(path)}`);
    const message = `Expected ${methods.join(' or ')} for ${received(path)} but received ${method}`;
    return new HttpError(405, message, { headers: { allow: methods.join(', ') } });
  }
}

/** Methods of all routes at a path: one may match by name, another by parameter or wildcard. */
function methodsAt(path: string, routes: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const matching = [...routes].filter(([url]) => matchesPattern(path.split('/'), url.split('/')));
  if (matching.length === 0) return undefined;
  return [...new Set(matching.flatMap(([, methods]) => [...methods]))].sort();
}

function matchesPattern(segments: readonly string[], pattern: readonly string[]): boolean {
  const hasWildcard = pattern.at(-1) === '*';
  if (hasWildcard ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every(
    (part, index) =>
      part === segments[index] ||
      (part.startsWith(':') && segments[index]) ||
      (hasWildcard && index === pattern.length - 1),
  );
}

/** Handles URLs that Fastify's router cannot decode, which pass no hook. */
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
  if (isConnectionLost(reply.raw)) return reply.hijack();
  const answer = publicError(fromFastify(error, maxUploadBytes));
  request.context.fail(answer);
  if (answer.code === 'internal') {
    const { id, routeOptions, context } = request;
    log.error(
      { request_id: id, route: routeOptions?.url, stage: context.failedStage, err: answer.cause ?? answer },
      'internal error',
    );
  }
  return sendProblem(reply, answer);
}

/** Fastify errors with a code of ours; others keep their 4xx status. */
const fastifyErrors: Record<string, [code: ErrorCode, message: string, parameter?: string]> = {
  FST_ERR_BAD_URL: ['invalid_request', 'Expected a URL with valid percent-encoding'],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid_request', 'Expected a shorter URL'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_format', 'Expected a valid Content-Type', 'Content-Type'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'Expected a body as long as Content-Length says'],
  FST_ERR_NOT_FOUND: ['not_found', 'No such route'],
};

function fromFastify(cause: unknown, maxUploadBytes: number): unknown {
  if (cause instanceof RequestError) return cause;
  const { code = '', statusCode = 500, message = 'Expected a valid request' } = cause as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(maxUploadBytes);
  const known = fastifyErrors[code];
  if (known !== undefined) {
    const [ours, text, parameter] = known;
    return new RequestError(ours, text, { cause, ...(parameter !== undefined && { parameter }) });
  }
  return statusCode < 400 || statusCode > 499 ? cause : new HttpError(statusCode, message, { cause });
}

/** The client closed the connection mid-request, often after an error. */
const disconnectCodes = ['ECONNRESET', 'HPE_INVALID_EOF_STATE'];

const clientErrors: Record<string, { status: number; detail: string }> = {
  CONNECT: { status: 501, detail: 'Expected a method other than CONNECT: this server is not a proxy' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'Expected the complete request sooner' },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'Expected smaller headers' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'Expected smaller chunk extensions' },
};

/** Answers requests that Node.js cannot parse or times out on, where only the socket exists. */
export function clientErrorHandler(log: Logger) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const { code = '' } = error;
    if (socket.destroyed || !socket.writable || disconnectCodes.includes(code)) return void socket.destroy();
    endWithProblem(socket, code, log);
  };
}

/** Answers CONNECT, whose connection Node.js would close without a response. */
export function answerConnect(app: App, log: Logger): void {
  app.server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy());
    endWithProblem(socket as Socket, 'CONNECT', log);
  });
}

function endWithProblem(socket: Socket, cause: string, log: Logger): void {
  const { status, detail } = clientErrors[cause] ?? { status: 400, detail: 'Expected an HTTP request' };
  const requestId = randomUUID();
  const body = JSON.stringify(problemOf(new HttpError(status, detail), requestId));
  log.info({ request_id: requestId, status, cause }, 'request cannot be parsed');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
