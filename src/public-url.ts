/** The public address of the HTTP door, without a trailing slash. */
export interface PublicUrl {
  /** Prefix for our paths: `https://example.org/media`, `/media` or empty. */
  base: string;
  /** `/media` or empty. */
  path: string;
  /** `https://example.org`; undefined if only a path is given. */
  origin: string | undefined;
}

const placeholder = 'http://placeholder.invalid';

/** @returns undefined unless the text is a URL or a path without credentials, query and fragment */
export function parsePublicUrl(text: string): PublicUrl | undefined {
  const isPath = text === '' || text.startsWith('/');
  if (/[\s?#\\]/.test(text) || !URL.canParse(text, isPath ? placeholder : undefined)) return undefined;
  const { origin, protocol, host, pathname, username, password } = new URL(text, isPath ? placeholder : undefined);
  if (isPath ? origin !== placeholder : !['http:', 'https:'].includes(protocol)) return undefined;
  if (username !== '' || password !== '' || host.includes('*')) return undefined;
  const path = pathname.replace(/\/+$/, '');
  return isPath ? { base: path, path, origin: undefined } : { base: origin + path, path, origin };
}
