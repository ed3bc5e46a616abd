import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { operations } from '../../../contract/operations.ts';
import type { NeededRight } from '../../../contract/rights.ts';
import { isOriginal } from '../../access/access.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { prefersHtml } from '../negotiation/prefers-html.ts';
import { pathOf } from '../request/path.ts';
import { rateLimitKey } from './rate-limit.ts';

/** Identifies the caller for rateLimit(), authorize() and the log. Register before these hooks. */
export function identify(app: App, { access }: Pick<HttpDoorOptions, 'access'>): void {
  app.decorateRequest('caller');
  if (access.isOpen) return;
  app.addHook('onRequest', (request, _reply, done) => {
    if (rightOf(request.routeOptions.config) === 'none') return done();
    try {
      request.caller = access.callerOf(apiKeyOf(request));
      if (request.caller.name !== undefined) request.context.client.name = request.caller.name;
    } catch {
      // authorize() rejects it.
    }
    done();
  });
}

/** Requires a key, signature or grant for the route's `right`. */
export function authorize(app: App, { access, rateLimiter }: Pick<HttpDoorOptions, 'access' | 'rateLimiter'>): void {
  if (access.isOpen) return;
  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions;
    const right = rightOf(config);
    if (right === 'none') return done();
    const parameters = request.query as Record<string, unknown>;
    try {
      request.context.permission = access.permit(request.caller ?? access.callerOf(apiKeyOf(request)), {
        right,
        path: pathOf(request.url),
        transformations: config.alwaysTransforms || !isOriginal(parameters) ? [parameters] : [],
        parameters,
      });
      done();
    } catch (error) {
      if (error instanceof RequestError && error.code === 'unauthorized') challenge(request, reply);
      // The hook of @fastify/rate-limit runs after this one and is skipped, so count the request here.
      done(rateLimiter?.countAndCheck(rateLimitKey(request)) ?? (error as Error));
    }
  });
}

/** The right that a route requires: its own, else that of its operation. */
export function rightOf({ right, operation }: FastifyContextConfig): NeededRight {
  return right ?? (typeof operation === 'string' ? operations[operation].right : 'any');
}

/**
 * The Bearer token, or the Basic password, which browsers send.
 * @throws RequestError `unauthorized` for another scheme
 */
function apiKeyOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme === '') throw new RequestError('unauthorized', 'Expected a Bearer token in Authorization');
  if (scheme.toLowerCase() === 'bearer') return value;
  const login = Buffer.from(value, 'base64').toString();
  return login.slice(login.indexOf(':') + 1);
}

/** Sends browsers a Basic challenge, which makes them prompt for the key, and Bearer to all others. */
function challenge({ headers }: FastifyRequest, reply: FastifyReply): void {
  reply.header('www-authenticate', `${prefersHtml(headers.accept) ? 'Basic' : 'Bearer'} realm="imgwire"`);
}
