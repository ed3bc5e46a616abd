import type { Route } from '../door.ts';

/** Hidden from the OpenAPI document, as only Prometheus uses it. */
export const metrics: Route = (app, door) => {
  app.get(
    '/metrics',
    { config: { whileDraining: true, rateLimit: false, right: 'metrics' }, schema: { hide: true } },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await door.metrics()),
  );
};
