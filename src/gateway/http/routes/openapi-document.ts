import type { Route } from '../door.ts';

export const openApiDocument: Route = (app) => {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
};
