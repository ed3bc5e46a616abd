import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { mediaTypes } from '../../../contract/formats.ts';
import { aliases, parameterNames, parameterRecords } from '../../../contract/parameters.ts';
import type { HttpDoorOptions, Route } from '../door.ts';
import { staticText } from '../response/static-text.ts';

/** Same path in src and dist. */
const folder = new URL('../../../web/', import.meta.url);

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** blob: for local files before upload. */
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

export const page: Route = (app, door) => {
  const schema = { hide: true };
  const headers = { 'content-security-policy': policy };
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type === undefined || name === 'tsconfig.json') continue;
    const url = name === 'index.html' ? '/' : `/assets/${name}`;
    app.get(url, { schema }, staticText(type, readFileSync(new URL(name, folder)), headers));
  }
  app.get(
    '/assets/settings.json',
    { schema },
    staticText('application/json', Buffer.from(JSON.stringify(settings(door))), headers),
  );
};

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
