/** Where clients reach the HTTP door, without a slash at the end. */
export interface PublicUrl {
  /** To put before a path of ours: `https://example.org/media`, `/media`, or nothing. */
  base: string;
  /** `/media`, or nothing. */
  path: string;
  /** `https://example.org`; undefined for a path alone. */
  origin: string | undefined;
}

const placeholder = 'http://placeholder.invalid';

/** @returns undefined for what is neither a URL nor a path, or has credentials, a query or a fragment */
export function parsePublicUrl(text: string): PublicUrl | undefined {
  const isPath = text === '' || text.startsWith('/');
  if (/[\s?#\\]/.test(text) || !URL.canParse(text, isPath ? placeholder : undefined)) return undefined;
  const { origin, protocol, host, pathname, username, password } = new URL(text, isPath ? placeholder : undefined);
  if (isPath ? origin !== placeholder : !['http:', 'https:'].includes(protocol)) return undefined;
  if (username !== '' || password !== '' || host.includes('*')) return undefined;
  const path = pathname.replace(/\/+$/, '');
  return isPath ? { base: path, path, origin: undefined } : { base: origin + path, path, origin };
}
