import type { IncomingMessage } from 'node:http';

const absoluteForm = /^https?:\/\/([^/?]*)(.*)$/is;

/** Path and query of a request target. The authority of an absolute-form target replaces Host (RFC 9112, 3.2.2). */
export function originForm(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/', headers } = request;
  if (url.startsWith('/')) return url;
  const [, authority, rest = ''] = absoluteForm.exec(url) ?? [];
  // `*` and other schemes: the router would drop the first character, so `*health` would be `/health`.
  if (authority === undefined) return `/${url}`;
  headers.host = authority;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
