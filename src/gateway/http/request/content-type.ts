import type { FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';

/** Media type of the body in lowercase, without its parameters; empty without a Content-Type. */
export function contentTypeOf({ headers }: FastifyRequest): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @param type from `contentTypeOf` */
export function contentTypeError(expected: string, type: string): RequestError {
  const actual = type === '' ? 'none' : received(type);
  return new RequestError('unsupported_format', `Expected the Content-Type ${expected} but received ${actual}`, {
    parameter: 'Content-Type',
  });
}
