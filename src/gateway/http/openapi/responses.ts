import { type ErrorCode, errorCodeNames, errorCodes, retryAfter } from '../../../contract/errors.ts';
import { responseExamples } from '../../../contract/openapi-examples.ts';
import { RequestId } from '../../../contract/operations.ts';
import { type TSchema, Type } from '../../../contract/typebox.ts';
import { imageField } from '../request/image-body.ts';
import { problemMediaType } from '../response/problem.ts';

/** Not validated. */
export interface Response {
  description: string;
  headers: Record<string, TSchema>;
  content?: Record<string, { schema: TSchema | { $ref: string }; example?: unknown }>;
  type?: 'null';
}

const everyHeader = {
  'X-Request-Id': RequestId,
  'Server-Timing': Type.String({
    description:
      'Milliseconds in the queue, at the worker, in the caches, and of all: queue;dur=0.1, work;dur=11.9, cache;desc=miss;dur=0.2, app;dur=12.6.',
  }),
};

export const headers = {
  Location: Type.String({ description: 'Path of the image.', examples: ['/images/{image_id}'] }),
  ETag: Type.String({ description: 'Names these very bytes; send it back in If-None-Match or If-Range.' }),
  'Cache-Control': Type.String({
    description:
      'An image never changes: public, max-age=31536000, immutable, unless configured; with preset: max-age=300.',
  }),
  Vary: Type.String({ description: 'Accept, with format=auto.' }),
  'Accept-Ranges': Type.Literal('bytes', { description: 'On an image as it was uploaded.' }),
  'Content-Range': Type.String({ description: 'Which bytes these are, such as bytes 0-1023/48213.' }),
  'Content-Disposition': Type.String({ description: 'With the parameter download: attachment, and the name.' }),
  'Content-Length': Type.Integer({ description: 'Bytes of the body that GET would send.' }),
  'Retry-After': Type.Integer({ description: 'Seconds after which the same request may succeed.' }),
};

/** The example is that of the schema's title. */
export function jsonResponse(
  description: string,
  schema: TSchema,
  more: Record<string, TSchema> = {},
  example?: unknown,
) {
  const { title } = schema as { title?: keyof typeof responseExamples };
  const shown = example ?? (title && responseExamples[title]);
  const media = shown === undefined ? { schema } : { schema, example: shown };
  return { description, headers: { ...everyHeader, ...more }, content: { 'application/json': media } };
}

export function emptyResponse(description: string, more: Record<string, TSchema> = {}): Response {
  return { description, headers: { ...everyHeader, ...more }, type: 'null' };
}

const binary = Type.String({ format: 'binary' });

/** One body per response: generated clients support no more. */
export function imageResponse(description: string, more: Record<string, TSchema> = {}): Response {
  return { description, headers: { ...everyHeader, ...more }, content: { 'image/*': { schema: binary } } };
}

export const rawBody = {
  description: 'The bytes of one image.',
  content: { 'application/octet-stream': { schema: binary } },
};

/** Generated clients PUT plain bytes instead. */
export const imageForm = {
  description: `The image as the file in the field ${imageField}; other fields are ignored.`,
  content: {
    'multipart/form-data': {
      schema: Type.Object(
        { [imageField]: Type.String({ format: 'binary', description: 'The file.' }) },
        { title: 'ImageForm' },
      ),
    },
  },
};

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

/** By HTTP status, common errors included; codes may share one. */
export function problemResponses(...codes: ErrorCode[]): Record<number, Response> {
  return problems([...commonErrors, ...codes]);
}

export function problems(codes: readonly ErrorCode[]): Record<number, Response> {
  const statuses = [...new Set(codes.map((code) => errorCodes[code].status))].sort();
  return Object.fromEntries(statuses.map((status) => [status, problemOf(status)]));
}

function problemOf(status: number): Response {
  const sharing = errorCodeNames.filter((code) => errorCodes[code].status === status);
  const again = sharing.some((code) => retryAfter(code) !== undefined);
  return problemResponse(sharing.map((code) => errorCodes[code].title).join(', or '), again);
}

export function problemResponse(description: string, again = false, more: Record<string, TSchema> = {}): Response {
  return {
    description,
    headers: { ...everyHeader, ...(again ? { 'Retry-After': headers['Retry-After'] } : {}), ...more },
    content: { [problemMediaType]: { schema: { $ref: 'Problem#' } } },
  };
}
