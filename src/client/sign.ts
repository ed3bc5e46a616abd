export interface SignOptions {
  /** The first of IMGWIRE_SIGNING_KEYS. Keep it on servers: whoever has it can sign anything. */
  key: string;
  /** Default: never. */
  expires?: Date;
}

/**
 * Signs the URL of an image, which then needs no API key.
 * @param url absolute or relative, with all its parameters, each once
 * @returns the URL with `signature`, and with `expires` if it is given
 * @throws TypeError for any URL but `/images/…` and `/resize`, for a fragment and for a repeated parameter; RangeError
 *   for an invalid date
 * @example await signUrl(imageUrl('https://images.example.org', id, { width: 320 }), { key })
 */
export async function signUrl(url: string, { key, expires }: SignOptions): Promise<string> {
  const [address = '', ...rest] = url.split('?');
  const query = rest.join('?');
  // The service's own path, as a proxy's prefix may be /images as well.
  const path = /\/(?:images\/(?!resize$)[^/?#]+(?:\/info|\/variants)?|resize)$/.exec(address)?.[0];
  if (path === undefined || query.includes('#'))
    throw new TypeError(`Expected a URL of /images/… or /resize but received ${url}`);
  const parameters = new URLSearchParams(query);
  parameters.delete('signature');
  if (expires !== undefined) parameters.set('expires', String(secondsOf(expires)));
  const names = [...new Set(parameters.keys())].sort();
  if (names.length !== parameters.size) throw new TypeError(`Expected each parameter once but received ${url}`);
  const lines = names.map((name) => `${name}=${parameters.get(name)}`);
  parameters.set('signature', await hmac(key, [path, ...lines].join('\n')));
  return `${address}?${parameters}`;
}

export interface GrantOptions extends Omit<SignOptions, 'expires'> {
  expires: Date;
  /** Limit on the size of the file. */
  maxBytes?: number;
  formats?: readonly string[];
  /** SHA-256 of the only file allowed. */
  imageId?: string;
}

/**
 * Creates a grant to upload one file without an API key: the parameter `grant` of an upload.
 * @throws RangeError for an invalid date
 */
export async function uploadGrant({ key, expires, maxBytes, formats, imageId }: GrantOptions): Promise<string> {
  const grant = {
    expires: secondsOf(expires),
    max_bytes: maxBytes,
    formats,
    image_id: imageId,
    nonce: crypto.randomUUID(),
  };
  const payload = base64url(new TextEncoder().encode(JSON.stringify(grant)));
  return `${payload}.${await hmac(key, `grant\n${payload}`)}`;
}

/** Seconds since 1970, as the service expects them. */
function secondsOf(date: Date): number {
  const seconds = Math.floor(date.getTime() / 1000);
  if (Number.isNaN(seconds)) throw new RangeError(`Expected a date for expires but received ${date}`);
  return seconds;
}

async function hmac(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign']);
  return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(text))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
