import { type ErrorCode, errorCodeNames, errorCodes, retryAfter } from '../../../contract/errors.ts';
import { RequestId } from '../../../contract/fields.ts';
import { responseExamples } from '../../../contract/openapi-examples.ts';
import { type TSchema, Type } from '../../../contract/typebox.ts';
import { problemMediaType } from '../response/problem.ts';
import { binary } from './request-bodies.ts';

/** The documentation of a response; never validated. */
export interface DocumentedResponse {
  description: string;
  headers: Record<string, TSchema>;
  content?: Record<string, { schema: TSchema | { $ref: string }; example?: unknown }>;
  type?: 'null';
}

const commonResponseHeaders = {
  'X-Request-Id': RequestId,
  'Server-Timing': Type.String({
    description:
      'Milliseconds in the queue, at the worker, in the caches and in total: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6.',
  }),
};

export const responseHeaders = {
  Location: Type.String({ description: 'Path of the image.', examples: ['/images/{image_id}'] }),
  ETag: Type.String({ description: 'Identifies exactly these bytes; send it back in If-None-Match or If-Range.' }),
  'Cache-Control': Type.String({
    description:
      'An image never changes: public, max-age=31536000, immutable, unless configured; with preset: max-age=300.',
  }),
  Vary: Type.String({ description: 'Accept, with format=auto.' }),
  'Accept-Ranges': Type.Literal('bytes', { description: 'On original images only.' }),
  'Content-Range': Type.String({ description: 'Which bytes these are, such as bytes 0-1023/48213.' }),
  'Content-Disposition': Type.String({ description: 'With the parameter download: attachment and the file name.' }),
  'Content-Length': Type.Integer({ description: 'Bytes of the body that GET would send.' }),
  'Retry-After': Type.Integer({ description: 'Seconds after which the same request may succeed.' }),
  'WWW-Authenticate': Type.String({ description: 'How to send a key, such as Bearer realm="imgwire".' }),
  'Accept-Encoding': Type.Literal('identity', { description: 'If the body has a Content-Encoding.' }),
};

const errorHeaders: Readonly<Record<number, Record<string, TSchema>>> = {
  401: { 'WWW-Authenticate': responseHeaders['WWW-Authenticate'] },
  415: { 'Accept-Encoding': responseHeaders['Accept-Encoding'] },
};

/** @param example default: the contract's example for the title of the schema */
export function jsonResponse(
  description: string,
  schema: TSchema,
  extraHeaders: Record<string, TSchema> = {},
  example?: unknown,
) {
  const { title } = schema as { title?: keyof typeof responseExamples };
  const exampleValue = example ?? (title && responseExamples[title]);
  const content = exampleValue === undefined ? { schema } : { schema, example: exampleValue };
  return {
    description,
    headers: { ...commonResponseHeaders, ...extraHeaders },
    content: { 'application/json': content },
  };
}

export function emptyResponse(description: string, extraHeaders: Record<string, TSchema> = {}): DocumentedResponse {
  return { description, headers: { ...commonResponseHeaders, ...extraHeaders }, type: 'null' };
}

/** Documents one media type per response, as generated clients support only one. */
export function imageResponse(description: string, extraHeaders: Record<string, TSchema> = {}): DocumentedResponse {
  return {
    description,
    headers: { ...commonResponseHeaders, ...extraHeaders },
    content: { 'image/*': { schema: binary } },
  };
}

const commonErrors: readonly ErrorCode[] = [
  'invalid_request',
  'rate_limited',
  'unauthorized',
  'forbidden',
  'internal',
  'worker_lost',
  'overloaded',
  'shutting_down',
  'store_unavailable',
  'timeout',
];

export const bodyErrors: readonly ErrorCode[] = ['too_large', 'unsupported_format', 'unprocessable_image'];

/** Problem responses by HTTP status, including the common errors. Codes may share a status. */
export function problemResponses(...codes: ErrorCode[]): Record<number, DocumentedResponse> {
  return problemResponsesFor([...commonErrors, ...codes]);
}

/** Problem responses by HTTP status, without the common errors. */
export function problemResponsesFor(codes: readonly ErrorCode[]): Record<number, DocumentedResponse> {
  const statuses = [...new Set(codes.map((code) => errorCodes[code].status))].sort();
  return Object.fromEntries(statuses.map((status) => [status, problemResponseFor(status)]));
}

function problemResponseFor(status: number): DocumentedResponse {
  const codes = errorCodeNames.filter((code) => errorCodes[code].status === status);
  const isRetryable = codes.some((code) => retryAfter(code) !== undefined);
  return problemResponse(codes.map((code) => errorCodes[code].title).join(', or '), isRetryable, errorHeaders[status]);
}

export function problemResponse(
  description: string,
  isRetryable = false,
  extraHeaders: Record<string, TSchema> = {},
): DocumentedResponse {
  return {
    description,
    headers: {
      ...commonResponseHeaders,
      ...(isRetryable ? { 'Retry-After': responseHeaders['Retry-After'] } : {}),
      ...extraHeaders,
    },
    content: { [problemMediaType]: { schema: { $ref: 'Problem#' } } },
  };
}
