import type { FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import type { App } from '../door.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Content-Type as sent; empty if there is none. */
    contentType: string;
  }
}

export const formType = 'multipart/form-data';

/**
 * Leaves Content-Type to the routes that read a body: Fastify would reject an invalid one on every route, even without
 * a body or at an unknown path.
 */
export function contentTypes(app: App): void {
  app.decorateRequest('contentType', '');
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const { 'content-type': given } = headers;
    if (given === undefined) return done();
    request.contentType = given;
    // @fastify/multipart finds the boundary of a form in the header.
    if (contentTypeOf(request) !== formType) delete headers['content-type'];
    done();
  });
}

/** Media type of the body in lowercase, without its parameters; empty without a Content-Type. */
export function contentTypeOf({ contentType }: FastifyRequest): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @param type from `contentTypeOf` */
export function contentTypeError(expected: string, type: string): RequestError {
  const actual = type === '' ? 'none' : received(type);
  return new RequestError('unsupported_format', `Expected the Content-Type ${expected} but received ${actual}`, {
    parameter: 'Content-Type',
  });
}
