import { ConfigError } from '../../config.ts';

export interface Purge {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What to send for a deleted image. */
export type PurgeRequest = (imageId: string) => Purge;

const place = '{image_id}';
const template = /^(?:([A-Z]{1,20}) )?(https?:\/\/\S+)$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): *(\S.*)$/;
const anyId = '0'.repeat(64);
/** `fetch` sets them itself, and fails with the operator's or drops it. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);
const withoutBody: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PURGE', 'BAN', 'DELETE']);

/**
 * Reads where deletions are told, such as `PURGE http://cache/images/{image_id}`. A POST carries the id as
 * `{"tags":["…"]}`, which is Cloudflare's form; every request has it in Cache-Tag and Surrogate-Key.
 * @param header one more, such as `Fastly-Key: …`
 * @returns undefined where none is set
 * @throws ConfigError that shows neither of them, since both may hold secrets
 */
export function readPurgeRequest(url: string, header: string): PurgeRequest | undefined {
  if (url === '') {
    if (header === '') return undefined;
    throw new ConfigError('Expected IMGWIRE_PURGE_URL with IMGWIRE_PURGE_HEADER but received none');
  }
  const [, method = 'POST', address = ''] = template.exec(url) ?? [];
  if (!isAccepted(() => new Request(address.replaceAll(place, anyId), { method }))) {
    throw new ConfigError(
      `Expected a URL, such as https://cdn.example.org/purge/${place} or PURGE http://cache/${place}, for IMGWIRE_PURGE_URL but received something else`,
    );
  }
  const [, name, value] = headerLine.exec(header) ?? [];
  const own = name === undefined || value === undefined ? {} : { [name]: value };
  const isSendable = name !== undefined && !connectionHeaders.has(name.toLowerCase());
  if (header !== '' && !(isSendable && isAccepted(() => new Headers(own)))) {
    throw new ConfigError(
      'Expected Name: value in Latin-1, and no header of the connection, for IMGWIRE_PURGE_HEADER but received something else',
    );
  }
  return (imageId) => {
    const body = withoutBody.has(method) ? null : JSON.stringify({ tags: [imageId] });
    const headers = {
      'cache-tag': imageId,
      'surrogate-key': imageId,
      ...(body !== null && { 'content-type': 'application/json' }),
      ...own,
    };
    return { url: address.replaceAll(place, imageId), method, headers, body };
  };
}

/** Whether `fetch` takes it: no credentials in a URL, no TRACE or CONNECT, no character beyond Latin-1. */
function isAccepted(build: () => unknown): boolean {
  try {
    build();
    return true;
  } catch {
    return false;
  }
}
