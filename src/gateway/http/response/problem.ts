import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { errorCodes, RequestError } from '../../../contract/errors.ts';
import type { Problem } from '../../../contract/problem.ts';
import { prefersHtml } from '../negotiation/prefers-html.ts';
import { problemPage, problemPagePolicy } from './problem-page.ts';

export const problemMediaType = 'application/problem+json';

interface HttpErrorOptions {
  parameter?: string;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An HTTP-only error, such as a wrong method, whose status is not that of its code. */
export class HttpError extends RequestError {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, { headers = {}, ...options }: HttpErrorOptions = {}) {
    super('invalid_request', message, options);
    this.status = status;
    this.headers = headers;
  }
}

export function problemOf(error: RequestError, requestId: string): Problem {
  const { status, title } =
    error instanceof HttpError
      ? { status: error.status, title: STATUS_CODES[error.status] ?? errorCodes[error.code].title }
      : errorCodes[error.code];
  return {
    type: 'about:blank',
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.parameter === undefined ? {} : { parameter: error.parameter }),
    request_id: requestId,
  };
}

/** Sends problem details, or a page to browsers. Drops headers that the route set for success. */
export function sendProblem(reply: FastifyReply, error: RequestError): FastifyReply {
  const problem = problemOf(error, reply.request.id);
  for (const name of ['etag', 'accept-ranges', 'content-disposition', 'location']) reply.removeHeader(name);
  if (error instanceof HttpError) reply.headers(error.headers);
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
  reply.code(problem.status).header('cache-control', 'no-store').header('cross-origin-resource-policy', 'same-origin');
  if (prefersHtml(reply.request.headers.accept)) {
    return reply
      .header('content-security-policy', problemPagePolicy)
      .type('text/html; charset=utf-8')
      .send(problemPage(problem, relativeRoot(reply.request.url)));
  }
  return (
    reply
      .type(problemMediaType)
      // A Buffer, as Fastify adds a charset to strings, and JSON has none (RFC 8259, 11).
      .send(Buffer.from(JSON.stringify(problem)))
  );
}

/** `/images/1/info?a=b` → `../../`; relative, so that it works behind a proxy's path prefix. */
function relativeRoot(url: string): string {
  const [path = ''] = url.split('?', 1);
  return '../'.repeat(path.split('/').length - 2) || './';
}
