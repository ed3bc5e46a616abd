import { createAsyncApiDocument } from '../../../contract/asyncapi.ts';
import type { Route } from '../door.ts';
import { addStaticRoute, staticJson } from '../response/static-text.ts';

export const asyncApiDocument: Route = (app, { config, serviceVersion }) => {
  const document = createAsyncApiDocument({ serviceVersion, maxUploadBytes: config.maxUploadBytes });
  addStaticRoute(app, '/asyncapi.json', staticJson(document));
};
