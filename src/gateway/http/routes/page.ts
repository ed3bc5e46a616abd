import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { mediaTypes } from '../../../contract/formats.ts';
import { aliases, parameterNames, parameterRecords } from '../../../contract/parameters.ts';
import type { App, HttpDoorOptions, Route } from '../door.ts';
import { documentHeaders } from '../plugins/document-headers.ts';
import { addStaticRoute, staticJson, staticText } from '../response/static-text.ts';

/** The relative path is the same from src and dist. */
const folder = new URL('../../../web/', import.meta.url);

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Allows blob: for previews of local files before upload. */
const policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

export const page: Route = (app, door) => {
  app.register(async (scope: App) => {
    documentHeaders(scope, policy);
    for (const name of readdirSync(folder)) {
      const type = types[extname(name)];
      if (type === undefined || name === 'tsconfig.json') continue;
      const url = name === 'index.html' ? '/' : `/assets/${name}`;
      addStaticRoute(scope, url, staticText(type, readFileSync(new URL(name, folder))));
    }
    addStaticRoute(scope, '/assets/settings.json', staticJson(settings(door)));
  });
};

function settings({ config, zmqEndpoint }: HttpDoorOptions) {
  return {
    mediaTypes,
    maxUploadBytes: config.maxUploadBytes,
    publicUrl: config.publicUrl.origin === undefined ? undefined : `${config.publicUrl.base}/`,
    zmqEndpoint,
    aliases: Object.fromEntries(aliases),
    parameters: parameterNames.map((name) => {
      const { schema, description, example, modifies } = parameterRecords[name];
      return { name, schema, description, example, modifies };
    }),
  };
}
