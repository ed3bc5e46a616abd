import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../door.ts';
import { vary } from '../negotiation/vary.ts';
import { failedPrecondition, preconditionError } from '../request/conditions.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Adds a hidden route for GET and HEAD. Fastify's own HEAD would send `Content-Length: 0` with a 304. */
export function addStaticRoute(app: App, url: string, handler: Handler): void {
  app.route({ method: ['GET', 'HEAD'], url, exposeHeadRoute: false, schema: { hide: true }, handler });
}

/**
 * Serves a fixed text, compressed if accepted, and revalidated by ETag.
 * @throws HttpError 412
 */
export function staticText(type: string, plain: Buffer): Handler {
  const gzipped = gzipSync(plain, { level: 9 });
  const etag = `W/"${hash('sha256', plain, 'base64url')}"`;
  return ({ headers }, reply) => {
    vary(reply, 'Accept-Encoding');
    reply.header('etag', etag).header('cache-control', 'no-cache');
    const precondition = failedPrecondition(headers, etag);
    if (precondition === 'If-Match') throw preconditionError(precondition, headers);
    if (precondition === 'If-None-Match') return reply.code(304).send();
    reply.type(type);
    const { 'accept-encoding': encodings = '' } = headers;
    if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(encodings))) return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(gzipped);
  };
}

export function staticJson(value: unknown) {
  return staticText('application/json', Buffer.from(JSON.stringify(value)));
}
