import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { defaultTransferRate } from '../limits/transfer-rate.ts';
import type { App, HttpDoorOptions, Route } from './door.ts';
import { authorize, identify } from './plugins/access.ts';
import { allowedHosts } from './plugins/allowed-hosts.ts';
import { crossOrigin } from './plugins/cross-origin.ts';
import { documents } from './plugins/documents.ts';
import { draining } from './plugins/draining.ts';
import { answerConnect, clientErrorHandler, errors, frameworkErrors } from './plugins/errors.ts';
import { expectations } from './plugins/expectations.ts';
import { createPublicPath } from './plugins/public-path.ts';
import { rateLimit } from './plugins/rate-limit.ts';
import { requestContext } from './plugins/request-context.ts';
import { unreadBody } from './plugins/unread-body.ts';
import { contentTypes } from './request/content-type.ts';
import { multipartLimits } from './request/form.ts';
import { originForm } from './request/origin-form.ts';
import { createQueryParser } from './request/query-parser.ts';
import { requestIdOf } from './request/request-id.ts';
import { textValidatorCompiler } from './request/text-validator.ts';
import { asyncApiDocument } from './routes/asyncapi-document.ts';
import { deleteImage } from './routes/delete-image.ts';
import { getImage } from './routes/get-image.ts';
import { health } from './routes/health.ts';
import { imageInfo } from './routes/image-info.ts';
import { listImages } from './routes/list-images.ts';
import { makeVariants } from './routes/make-variants.ts';
import { metrics } from './routes/metrics.ts';
import { openApiDocument } from './routes/openapi-document.ts';
import { page } from './routes/page.ts';
import { putImage } from './routes/put-image.ts';
import { ready } from './routes/ready.ts';
import { resize } from './routes/resize.ts';
import { uploadImage } from './routes/upload-image.ts';
import { createHttpServer } from './server.ts';

export type { App, HttpDoorOptions };

const routes: readonly Route[] = [
  uploadImage,
  putImage,
  listImages,
  getImage,
  deleteImage,
  imageInfo,
  makeVariants,
  resize,
  health,
  ready,
  metrics,
  openApiDocument,
  asyncApiDocument,
  page,
];

/** Longest path parameter, in characters: Node.js's header limit, so that the route itself rejects a long one. */
const maxParamLength = 16_384;

/** Creates the HTTP door, not yet listening. It answers request errors as problems and never throws them. */
export function createHttpDoor(options: HttpDoorOptions): App {
  const door = { transferRate: defaultTransferRate, ...options };
  const { log } = door;
  const publicPath = createPublicPath(door.config.publicUrl.path);
  const app: App = fastify({
    serverFactory: (handler) => createHttpServer(door, handler),
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    // No child logger per request: it takes longer than a cache hit.
    childLoggerFactory: (logger) => logger,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength, querystringParser: createQueryParser() },
    trustProxy: door.isTrustedProxy ?? false,
    rewriteUrl: (request) => publicPath.strip(originForm(request)),
    // The draining hook answers instead.
    return503OnClosing: false,
    frameworkErrors: frameworkErrors(door),
    clientErrorHandler: clientErrorHandler(log),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(textValidatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);

  // Routes parse bodies themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.register(multipart, { limits: multipartLimits });

  answerConnect(app, log);
  publicPath.watchRoutes(app);
  requestContext(app, door);
  errors(app, door);
  contentTypes(app);
  expectations(app);
  unreadBody(app, door);
  allowedHosts(app, door);
  crossOrigin(app, door);
  draining(app, door);
  identify(app, door);
  rateLimit(app, door);
  authorize(app, door);
  documents(app, door);
  app.register(async (scope) => {
    for (const route of routes) route(scope, door);
  });
  app.register(async (scope) => publicPath.addRedirect(scope));
  return app;
}
