import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { vary } from '../negotiation/vary.ts';

/** Seconds; Chromium's maximum. */
const preflightMaxAge = 7200;

/** For scripts, beside the safelisted ones (Fetch, 3.3.2). */
const exposedHeaders =
  'Accept-Ranges, Content-Disposition, Content-Range, ETag, Location, Retry-After, Server-Timing, X-Request-Id';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * CORS for allowed origins. Refuses unsafe requests of others, since forms can post without CORS. Non-browsers send no
 * Origin and pass.
 */
export function crossOrigin(app: App, { config }: Pick<HttpDoorOptions, 'config'>): void {
  const origins = new Set(config.corsOrigins);
  const allowsAll = origins.has('*');
  const variesByOrigin = !allowsAll && origins.size > 0;

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (variesByOrigin) vary(reply, 'Origin');
    if (allowsAll || (origin !== undefined && origins.has(origin))) {
      reply
        .header('access-control-allow-origin', allowsAll ? '*' : origin)
        .header('access-control-expose-headers', exposedHeaders);
      if (isPreflight(request)) return void answerPreflight(request, reply);
    } else if (!safeMethods.has(request.method) && isForeign(request.headers)) {
      return done(
        new RequestError(
          'forbidden',
          `Expected a page of this server or of an allowed origin but received a request from ${received(origin ?? 'another site')}`,
          { parameter: 'Origin' },
        ),
      );
    }
    done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply
    .header('access-control-allow-methods', 'GET, HEAD, POST, PUT, DELETE')
    .header('access-control-max-age', preflightMaxAge);
  const asked = headers['access-control-request-headers'];
  if (asked !== undefined) reply.header('access-control-allow-headers', asked);
  return reply.code(204).send();
}

/** By Sec-Fetch-Site (HTTPS and localhost only), else by Origin without its scheme, as a proxy may terminate TLS. */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
