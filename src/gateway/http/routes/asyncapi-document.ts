import { createAsyncApiDocument } from '../../../contract/asyncapi.ts';
import type { Route } from '../door.ts';
import { staticJson } from '../response/static-text.ts';

export const asyncApiDocument: Route = (app, { config, serviceVersion }) => {
  const document = createAsyncApiDocument({ serviceVersion, maxUploadBytes: config.maxUploadBytes });
  app.get('/asyncapi.json', { schema: { hide: true } }, staticJson(document));
};
