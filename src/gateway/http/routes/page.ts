import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mediaTypes } from '../../../contract/formats.ts';
import { aliases, parameterNames, parameterRecords } from '../../../contract/parameters.ts';
import type { HttpDoorOptions, Route } from '../door.ts';
import { vary } from '../negotiation/vary.ts';
import { noneMatchHolds } from '../request/conditions.ts';

/** The same path in source and build. */
const folder = new URL('../../../web/', import.meta.url);

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** The page shows images of this server, and files of its user before they are sent (blob:). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/` and the files that it is made of. */
export const page: Route = (app, door) => {
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type === undefined || name === 'tsconfig.json') continue;
    const url = name === 'index.html' ? '/' : `/assets/${name}`;
    serve(url, type, readFileSync(new URL(name, folder)));
  }
  serve('/assets/settings.json', 'application/json', Buffer.from(JSON.stringify(settings(door))));

  function serve(url: string, type: string, plain: Buffer): void {
    const zipped = gzipSync(plain, { level: 9 });
    const etag = `W/"${hash('sha256', plain, 'base64url')}"`;
    app.get(url, { schema: { hide: true } }, async (request: FastifyRequest, reply: FastifyReply) => {
      vary(reply, 'Accept-Encoding');
      reply.header('etag', etag).header('cache-control', 'no-cache');
      const { 'if-none-match': ifNoneMatch, 'accept-encoding': encodings = '' } = request.headers;
      if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, etag.slice(2))) return reply.code(304).send();
      reply.type(type).header('content-security-policy', policy);
      if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(encodings))) return reply.send(plain);
      return reply.header('content-encoding', 'gzip').send(zipped);
    });
  }
};

/** The settings that the page needs. */
function settings({ config, zmqEndpoint }: HttpDoorOptions) {
  return {
    mediaTypes,
    maxUploadBytes: config.maxUploadBytes,
    zmqEndpoint,
    aliases: Object.fromEntries(aliases),
    parameters: parameterNames.map((name) => {
      const { schema, description, example } = parameterRecords[name];
      return { name, schema, description, example };
    }),
  };
}
