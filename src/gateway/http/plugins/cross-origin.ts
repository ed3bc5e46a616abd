import type { IncomingHttpHeaders } from 'node:http';
import cors from '@fastify/cors';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import type { App, HttpDoorOptions } from '../door.ts';

/** Chromium's maximum, in seconds. */
const preflightMaxAge = 7200;

/** Response headers that scripts may read, besides the safelisted ones (Fetch, 3.3.2). */
const exposedHeaders =
  'Accept-Ranges, Content-Disposition, Content-Range, ETag, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Server-Timing, X-Request-Id';

const methods = 'GET, HEAD, POST, PUT, DELETE';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * CORS for allowed origins, and CSRF protection: rejects unsafe requests from other origins, since forms can post
 * without CORS. Non-browsers send no Origin and pass.
 */
export function crossOrigin(app: App, { config }: Pick<HttpDoorOptions, 'config'>): void {
  const origins = new Set(config.corsOrigins);
  const allowsAll = origins.has('*');
  // Includes the public origin: a proxy may have replaced the Host that isCrossOrigin() compares with.
  const trusted = new Set([...origins, config.publicUrl.origin]);

  if (origins.size > 0) {
    // Called directly: hooks of a registered plugin would run after all of the door's own.
    cors(
      app,
      {
        origin: allowsAll
          ? '*'
          : (origin, done) => done(null, origin !== undefined && origins.has(origin) ? origin : false),
        methods,
        exposedHeaders,
        maxAge: preflightMaxAge,
        // Strict mode answers an OPTIONS other than a preflight with plain text instead of a problem.
        strictPreflight: false,
      },
      () => {},
    );
  }

  app.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const { origin } = headers;
    // Browsers attach Basic credentials to requests of other sites, too.
    const isAllowed = allowsAll && !/^basic /i.test(headers.authorization ?? '');
    if (
      safeMethods.has(method) ||
      isAllowed ||
      (origin !== undefined && trusted.has(origin)) ||
      !isCrossOrigin(headers)
    )
      return done();
    const message = `Expected a page of this server or of an allowed origin but received a request from ${received(origin ?? 'another site')}`;
    done(new RequestError('forbidden', message, { parameter: 'Origin' }));
  });
}

/** Uses Sec-Fetch-Site (HTTPS and localhost only), else Origin without its scheme, as a proxy may terminate TLS. */
function isCrossOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
