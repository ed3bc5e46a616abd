import plugin from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { clientKey } from '../../limits/client-key.ts';
import type { App, HttpDoorOptions } from '../door.ts';

/** Of a connection that has gone already. */
const noAddress = 'none';

/** Limits requests per client, with RateLimit headers. Routes opt out with `rateLimit: false`. */
export function rateLimit(app: App, { rateLimiter }: Pick<HttpDoorOptions, 'rateLimiter'>): void {
  if (rateLimiter === undefined) return;
  const { requests: max, windowMs: timeWindow, count, refusal, refusalOf } = rateLimiter;
  const keyGenerator = ({ context }: FastifyRequest) => clientKey(context.client) ?? noAddress;

  /** The count that the ZeroMQ door shares. */
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
    keyGenerator,
    store: Store,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => refusal(ttl),
  });
  // The plugin sees routes only.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(refusalOf(keyGenerator(request)));
    else done();
  });
}
