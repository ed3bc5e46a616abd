import plugin from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { clientKey } from '../../limits/client-key.ts';
import type { App, HttpDoorOptions } from '../door.ts';

/** Shared key of connections that have already closed. */
const noAddress = 'none';

/** Key under which a request counts. */
export function rateLimitKey({ context }: FastifyRequest): string {
  return clientKey(context.client) ?? noAddress;
}

/** Rate limits clients and sends RateLimit headers. Routes opt out with `rateLimit: false`. */
export function rateLimit(app: App, { rateLimiter }: Pick<HttpDoorOptions, 'rateLimiter'>): void {
  if (rateLimiter === undefined) return;
  const { requests: max, windowMs: timeWindow, count, limitError, countAndCheck } = rateLimiter;

  /** Adapts the counter shared with the ZeroMQ door. */
  class Store {
    incr(client: string, callback: (error: null, count: { current: number; ttl: number }) => void): void {
      const { requests, resetMs } = count(client);
      callback(null, { current: requests, ttl: resetMs });
    }
    child(): Store {
      return this;
    }
  }

  app.register(plugin, {
    max,
    timeWindow,
    keyGenerator: rateLimitKey,
    store: Store,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => limitError(ttl),
  });
  // The plugin covers routes only, not 404s.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(countAndCheck(rateLimitKey(request)));
    else done();
  });
}
