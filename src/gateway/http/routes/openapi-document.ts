import type { Route } from '../door.ts';
import { addStaticRoute, staticJson } from '../response/static-text.ts';

export const openApiDocument: Route = (app) => {
  // Created once all routes are registered.
  let send: ReturnType<typeof staticJson> | undefined;
  addStaticRoute(app, '/openapi.json', (request, reply) => {
    send ??= staticJson(app.swagger());
    return send(request, reply);
  });
};
