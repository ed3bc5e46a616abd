import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { vary } from '../negotiation/vary.ts';
import { matchesIfNoneMatch } from '../request/conditions.ts';

/** Serves a fixed text, compressed if accepted, and revalidated by ETag. */
export function staticText(type: string, plain: Buffer) {
  const gzipped = gzipSync(plain, { level: 9 });
  const etag = `W/"${hash('sha256', plain, 'base64url')}"`;
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    vary(reply, 'Accept-Encoding');
    reply.header('etag', etag).header('cache-control', 'no-cache');
    const { 'if-none-match': ifNoneMatch, 'accept-encoding': encodings = '' } = request.headers;
    if (ifNoneMatch !== undefined && matchesIfNoneMatch(ifNoneMatch, etag.slice(2))) return reply.code(304).send();
    reply.type(type);
    if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(encodings))) return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(gzipped);
  };
}

export function staticJson(value: unknown) {
  return staticText('application/json', Buffer.from(JSON.stringify(value)));
}
