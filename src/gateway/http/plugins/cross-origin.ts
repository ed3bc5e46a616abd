import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { createReaders, exposedHeaders } from '../readers.ts';
import { vary } from '../vary.ts';

/** Seconds that a browser may remember the answer to a preflight; Chromium takes no more. */
const preflightMaxAge = 7200;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets pages of the allowed origins use this server, and refuses what a browser sends for any other page.
 * A form needs nobody's leave to post to another site, so that reading the answer is not all that there is to guard.
 * Whoever is no browser sends no Origin and is not concerned.
 */
export function crossOrigin(app: App, { config }: HttpDoorOptions): void {
  const readers = createReaders(config.corsOrigins);

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const allowed = readers.allowed(origin);
    if (readers.vary) vary(reply, 'Origin');
    if (allowed !== undefined) {
      reply.header('access-control-allow-origin', allowed).header('access-control-expose-headers', exposedHeaders);
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
    .header('access-control-allow-methods', 'GET, HEAD, POST, DELETE')
    .header('access-control-max-age', preflightMaxAge);
  const asked = headers['access-control-request-headers'];
  // None of our headers is worth hiding from an origin that is allowed.
  if (asked !== undefined) reply.header('access-control-allow-headers', asked);
  return reply.code(204).send();
}

/**
 * Whether a browser sent this for a page of another origin. Sec-Fetch-Site says so where it is sent, which is
 * over HTTPS and on localhost; elsewhere Origin does. Its scheme is not looked at, as a proxy may have taken TLS off.
 */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
