import { ConfigError } from '../../config.ts';

/** Arguments of the `fetch` that purges an image. */
export interface PurgeRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

export type PurgeRequestBuilder = (imageId: string) => PurgeRequest;

const placeholder = '{image_id}';
const urlPattern = /^(?:([A-Z]{1,20}) )?(https?:\/\/\S+)$/;
const headerPattern = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): *(\S.*)$/;
const sampleId = '0'.repeat(64);
/** Set by `fetch` itself, which rejects or drops any other value. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);
const bodylessMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PURGE', 'BAN', 'DELETE']);

/**
 * Parses the purge settings. Every request carries the id in Cache-Tag and Surrogate-Key, and a POST also as
 * `{"tags":["…"]}`, Cloudflare's format.
 * @param url e.g. `PURGE http://cache/images/{image_id}`
 * @param header an additional one, e.g. `Fastly-Key: …`
 * @returns undefined if neither is set
 * @throws ConfigError that quotes neither, as both may hold secrets
 */
export function createPurgeRequestBuilder(url: string, header: string): PurgeRequestBuilder | undefined {
  if (url === '') {
    if (header === '') return undefined;
    throw new ConfigError('Expected IMGWIRE_PURGE_URL with IMGWIRE_PURGE_HEADER but received none');
  }
  const [, method = 'POST', address = ''] = urlPattern.exec(url) ?? [];
  if (!isAcceptedByFetch(() => new Request(address.replaceAll(placeholder, sampleId), { method }))) {
    throw new ConfigError(
      `Expected a URL, such as https://cdn.example.org/purge/${placeholder} or PURGE http://cache/${placeholder}, for IMGWIRE_PURGE_URL but received something else`,
    );
  }
  const [, name, value] = headerPattern.exec(header) ?? [];
  const configuredHeader = name === undefined || value === undefined ? {} : { [name]: value };
  const isAllowed = name !== undefined && !connectionHeaders.has(name.toLowerCase());
  if (header !== '' && !(isAllowed && isAcceptedByFetch(() => new Headers(configuredHeader)))) {
    throw new ConfigError(
      'Expected Name: value in Latin-1, and not a connection header, for IMGWIRE_PURGE_HEADER but received something else',
    );
  }
  return (imageId) => {
    const body = bodylessMethods.has(method) ? null : JSON.stringify({ tags: [imageId] });
    const headers = {
      'cache-tag': imageId,
      'surrogate-key': imageId,
      ...(body !== null && { 'content-type': 'application/json' }),
      ...configuredHeader,
    };
    return { url: address.replaceAll(placeholder, imageId), method, headers, body };
  };
}

/** `fetch` rejects credentials in a URL, TRACE, CONNECT, and header characters beyond Latin-1. */
function isAcceptedByFetch(build: () => unknown): boolean {
  try {
    build();
    return true;
  } catch {
    return false;
  }
}
