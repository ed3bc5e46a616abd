import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../config.ts';
import { RequestError } from '../../contract/errors.ts';
import { Grant, grantText, signedText } from '../../contract/signing.ts';
import { Check } from '../../contract/typebox.ts';
import type { GrantInUse } from './permission.ts';

const leastLength = 32;

/**
 * Keys separated by commas: the first signs, all verify.
 * @throws ConfigError that never names a key
 */
export function readSigningKeys(text: string): readonly string[] {
  if (text === '') return [];
  const keys = text.split(',').map((key) => key.trim());
  if (keys.some(({ length }) => length < leastLength)) {
    throw new ConfigError(
      `Expected IMGWIRE_SIGNING_KEYS to hold keys of at least ${leastLength} characters, as imgwire keygen signing makes them`,
    );
  }
  const repeated = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (repeated === -1) return keys;
  const first = keys.indexOf(keys[repeated] as string);
  throw new ConfigError(
    `Expected IMGWIRE_SIGNING_KEYS to hold each key once but received entry ${first + 1} once more as entry ${repeated + 1}`,
  );
}

/** Compares with the HMAC-SHA-256 of each key, in base64url, in constant time. */
function isSigned(keys: readonly string[], text: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const fits = keys.map((key) => {
    const expected = createHmac('sha256', key).update(text).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return fits.includes(true);
}

/**
 * @param parameters with `signature`, and `expires` where the signature has an end
 * @returns that end in seconds since 1970
 * @throws RequestError `forbidden`
 */
export function verifyUrl(
  keys: readonly string[],
  path: string,
  parameters: Readonly<Record<string, unknown>>,
): number | undefined {
  const { signature, expires } = parameters;
  if (typeof signature !== 'string' || !isSigned(keys, signedText(path, parameters), signature)) {
    throw forbidden('Expected the signature of this path and these parameters', 'signature');
  }
  if (expires === undefined) return undefined;
  return notPast(Number(expires), 'expires', 'signature');
}

/** @throws RequestError `forbidden` */
export function verifyGrant(keys: readonly string[], token: unknown): GrantInUse {
  const [payload = '', signature = '', ...rest] = typeof token === 'string' ? token.split('.') : [];
  if (rest.length > 0 || !isSigned(keys, grantText(payload), signature)) {
    throw forbidden('Expected a grant that this server has a key of', 'grant');
  }
  const grant = parse(payload);
  if (!Check(Grant, grant)) {
    const fields = Object.keys(Grant.properties).join(', ');
    throw forbidden(`Expected a grant with expires, and no more than ${fields}`, 'grant');
  }
  notPast(grant.expires, 'grant', 'grant');
  return { ...grant, token: payload };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** @throws RequestError `forbidden`, with both times: clocks may differ */
function notPast(expires: number, parameter: string, what: string): number {
  const now = Date.now();
  if (expires * 1000 > now) return expires;
  const came = Number.isSafeInteger(expires) && expires < 8.64e12 ? new Date(expires * 1000).toISOString() : 'no time';
  throw forbidden(
    `Expected a ${what} that ends after ${new Date(now).toISOString()} by the clock of this server but received ${came}`,
    parameter,
  );
}

function forbidden(message: string, parameter: string): RequestError {
  return new RequestError('forbidden', message, { parameter });
}
