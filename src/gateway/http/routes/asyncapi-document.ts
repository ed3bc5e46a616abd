// biome-ignore lint/style/noRestrictedImports: the document describes the other door, and opens nothing of it
import { createAsyncApiDocument } from '../../zmq/asyncapi/document.ts';
import type { Route } from '../door.ts';

export const asyncApiDocument: Route = (app, { config, serviceVersion }) => {
  const document = createAsyncApiDocument({ serviceVersion, maxUploadBytes: config.maxUploadBytes });
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => document);
};
