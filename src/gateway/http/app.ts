import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { multipartLimits } from './body.ts';
import type { App, HttpDoorOptions, Route } from './door.ts';
import { crossOrigin } from './plugins/cross-origin.ts';
import { documents } from './plugins/documents.ts';
import { draining } from './plugins/draining.ts';
import { clientErrorHandler, errors, frameworkErrors } from './plugins/errors.ts';
import { everyResponse } from './plugins/every-response.ts';
import { expectContinue } from './plugins/expect-continue.ts';
import { requestIdOf } from './plugins/request-id.ts';
import { unreadBody } from './plugins/unread-body.ts';
import { textValidatorCompiler } from './query.ts';
import { createQueryParser } from './query-cache.ts';
import { createParameterResolver } from './resolve-parameters.ts';
import { asyncApiDocument } from './routes/asyncapi-document.ts';
import { deleteImage } from './routes/delete-image.ts';
import { getImage } from './routes/get-image.ts';
import { health } from './routes/health.ts';
import { imageInfo } from './routes/image-info.ts';
import { listImages } from './routes/list-images.ts';
import { makeVariants } from './routes/make-variants.ts';
import { openApiDocument } from './routes/openapi-document.ts';
import { page } from './routes/page.ts';
import { ready } from './routes/ready.ts';
import { resize } from './routes/resize.ts';
import { uploadImage } from './routes/upload-image.ts';
import { createHttpServer } from './server.ts';
import { createShortcut } from './shortcut/shortcut.ts';

export type { App, HttpDoorOptions };

const routes: readonly Route[] = [
  uploadImage,
  listImages,
  getImage,
  deleteImage,
  imageInfo,
  makeVariants,
  resize,
  health,
  ready,
  openApiDocument,
  asyncApiDocument,
  page,
];

/** Longest path segment that reaches a route, which then says what it expected; Node.js takes no longer header lines. */
const maxParamLength = 16_384;

/** Makes the HTTP door, which does not listen yet. */
export function createHttpDoor(options: HttpDoorOptions): App {
  const { config, log } = options;
  const door = { ...options, resolver: createParameterResolver(options) };
  const app: App = fastify({
    serverFactory: (handler) => createHttpServer(config, createShortcut(door, handler)),
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    // Every line of ours names its request; a logger for each would take longer than a result from memory.
    childLoggerFactory: (logger) => logger,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength, querystringParser: createQueryParser() },
    // A request that comes while the server closes is answered by our own hook, as a problem.
    return503OnClosing: false,
    frameworkErrors: frameworkErrors(options),
    clientErrorHandler: clientErrorHandler(log),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(textValidatorCompiler);
  // Answers are made by code of ours from replies that were checked where they were made; their schemas are for the documents.
  app.setSerializerCompiler(() => JSON.stringify);

  // No body is parsed before its route asks for it, whatever its type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.register(multipart, { limits: multipartLimits });

  expectContinue(app);
  everyResponse(app, options);
  errors(app, options);
  unreadBody(app, options);
  crossOrigin(app, options);
  draining(app, options);
  documents(app, options);
  app.register(async (scope) => {
    for (const route of routes) route(scope, door);
  });
  return app;
}
