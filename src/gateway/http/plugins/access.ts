import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { operations } from '../../../contract/operations.ts';
import type { NeededRight } from '../../../contract/rights.ts';
import { isOriginal } from '../../access/access.ts';
import { clientKey } from '../../limits/client-key.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { prefersHtml } from '../negotiation/prefers-html.ts';

/** Notes who asks, for limits and the log. Register before both. */
export function identify(app: App, { access }: Pick<HttpDoorOptions, 'access'>): void {
  app.decorateRequest('caller');
  if (access.isOpen) return;
  app.addHook('onRequest', (request, _reply, done) => {
    if (rightOf(request.routeOptions.config) === 'none') return done();
    try {
      request.caller = access.callerOf(keyOf(request));
      if (request.caller.name !== undefined) request.context.client.name = request.caller.name;
    } catch {
      // Refused by authorize().
    }
    done();
  });
}

/** Asks for a key, a signature or a grant, as the route's `right` says. */
export function authorize(app: App, { access, rateLimiter }: Pick<HttpDoorOptions, 'access' | 'rateLimiter'>): void {
  if (access.isOpen) return;
  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions;
    const right = rightOf(config);
    if (right === 'none') return done();
    const parameters = request.query as Record<string, unknown>;
    try {
      request.context.permission = access.permit(request.caller ?? access.callerOf(keyOf(request)), {
        right,
        path: request.url.split('?', 1)[0] as string,
        transformations: config.transforms || !isOriginal(parameters) ? [parameters] : [],
        parameters,
      });
      done();
    } catch (error) {
      if (error instanceof RequestError && error.code === 'unauthorized') challenge(request, reply);
      // The limit of a route is checked after this.
      done(rateLimiter?.countAndCheck(clientKey(request.context.client) ?? '') ?? (error as Error));
    }
  });
}

/** Of the route itself, or of its operation. */
export function rightOf({ right, operation }: FastifyContextConfig): NeededRight {
  return right ?? (typeof operation === 'string' ? operations[operation].right : 'any');
}

/**
 * A Bearer token, or the password of Basic, for browsers.
 * @throws RequestError `unauthorized` for another scheme
 */
function keyOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme === '') throw new RequestError('unauthorized', 'Expected a Bearer token in Authorization');
  if (scheme.toLowerCase() === 'bearer') return value;
  const login = Buffer.from(value, 'base64').toString();
  return login.slice(login.indexOf(':') + 1);
}

/** Basic for pages alone: with it, browsers ask for the key. */
function challenge({ headers }: FastifyRequest, reply: FastifyReply): void {
  reply.header('www-authenticate', `${prefersHtml(headers.accept) ? 'Basic' : 'Bearer'} realm="imgwire"`);
}
