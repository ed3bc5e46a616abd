import type { Route } from '../door.ts';
import { staticJson } from '../response/static-text.ts';

export const openApiDocument: Route = (app) => {
  // Created once all routes are registered.
  let send: ReturnType<typeof staticJson> | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (request, reply) => {
    send ??= staticJson(app.swagger());
    return send(request, reply);
  });
};
