import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { extractComponents } from '../../../contract/openapi-components.ts';
import { Problem } from '../../../contract/problem.ts';
import type { NeededRight } from '../../../contract/rights.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { problemResponse, problemResponsesFor } from '../openapi/responses.ts';
import { commonHeaders, noQuery } from '../request/schemas.ts';
import { rightOf } from './access.ts';
import { documentHeaders } from './document-headers.ts';

/** Errors of the hooks that run for every route. */
const hookErrors = ['invalid_request', 'forbidden'] as const;

const slowBody = problemResponse('The body arrived too slowly.');

/** The style sheet of Swagger UI uses data: images. */
const pagePolicy = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'frame-ancestors': ["'self'"],
};

const securitySchemes = {
  key: { type: 'http', scheme: 'bearer', description: 'Needed if the server has keys.' },
} as const;

/** Documents the key as optional: a server may have no keys, and a signature or grant can replace one. */
function accessOf(right: NeededRight, description = '') {
  if (right === 'none') return { security: [] };
  const needs = right === 'any' ? 'Any key.' : `Right: ${right}.`;
  return { security: [{}, { key: [] }], description: `${description} ${needs}`.trim() };
}

/** Serves the OpenAPI document as Swagger UI at /docs. Register before the routes. */
export function documents(app: App, { config, serviceVersion }: HttpDoorOptions): void {
  app.addSchema(Problem);
  // Defaults of every documented route: without its own querystring, a route rejects all parameters.
  app.addHook('onRoute', (route) => {
    if (route.schema?.operationId === undefined) return;
    const shared = { tags: ['images'], headers: commonHeaders, querystring: noQuery, ...route.schema };
    const response = {
      ...problemResponsesFor(hookErrors),
      ...(shared.body ? { 408: slowBody } : {}),
      ...(shared.response as object),
    };
    route.schema = { ...shared, ...accessOf(rightOf(route.config ?? {}), shared.description), response };
  });
  app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'imgwire',
        version: serviceVersion,
        description:
          'Stores images and serves any size and format of them. An image_id is the SHA-256 of the file, so every request can be retried after a failure, and what a URL refers to never changes. Errors are problem details (RFC 9457) with a code.',
        contact: { name: 'imgwire' },
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        { url: config.publicUrl.base || '/', description: 'The server that provided this document.' },
        {
          url: '{address}',
          description: 'Any other server.',
          variables: { address: { default: 'http://localhost:8080', description: 'Where the service is.' } },
        },
      ],
      components: { securitySchemes },
      security: [{}],
      tags: [
        { name: 'images', description: 'Storing, serving and transforming images.' },
        { name: 'service', description: 'State of the service.' },
      ],
    },
    transformObject: (document) => ('openapiObject' in document ? extractComponents(document.openapiObject) : document),
    refResolver: {
      // Default: def-0.
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  });
  app.register(async (scope: App) => {
    documentHeaders(scope, pagePolicy);
    scope.register(swaggerUi, {
      routePrefix: '/docs',
      // Relative, so that it works behind a proxy's path prefix.
      indexPrefix: '.',
      transformSpecification: ({ servers: [own, ...others], ...document }) => ({
        ...document,
        servers: [{ ...own, url: '..' }, ...others],
      }),
      transformSpecificationClone: false,
    });
  });
}
