import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../config.ts';
import { RequestError } from '../../contract/errors.ts';
import { Grant, grantText, signedText } from '../../contract/signing.ts';
import { Check } from '../../contract/typebox.ts';
import type { VerifiedGrant } from './permission.ts';

const minLength = 32;

/**
 * Parses comma-separated keys. The first signs, all verify.
 * @throws ConfigError that never names a key
 */
export function readSigningKeys(text: string): readonly string[] {
  if (text === '') return [];
  const keys = text.split(',').map((key) => key.trim());
  if (keys.some(({ length }) => length < minLength)) {
    throw new ConfigError(
      `Expected IMGWIRE_SIGNING_KEYS to hold keys of at least ${minLength} characters, as imgwire keygen signing makes them`,
    );
  }
  const duplicate = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (duplicate === -1) return keys;
  const first = keys.indexOf(keys[duplicate] as string);
  throw new ConfigError(
    `Expected IMGWIRE_SIGNING_KEYS to hold each key once but received entry ${first + 1} again as entry ${duplicate + 1}`,
  );
}

/** Whether the base64url signature is the HMAC-SHA-256 by any of the keys; compares in constant time. */
function isSigned(keys: readonly string[], text: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const matches = keys.map((key) => {
    const expected = createHmac('sha256', key).update(text).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return matches.includes(true);
}

/**
 * Verifies a signed path with its parameters.
 * @param parameters include `signature`, and `expires` if the signature expires
 * @returns the expiry in Unix seconds
 * @throws RequestError `forbidden`
 */
export function verifyUrl(
  keys: readonly string[],
  path: string,
  parameters: Readonly<Record<string, unknown>>,
): number | undefined {
  const { signature, expires } = parameters;
  if (typeof signature !== 'string' || !isSigned(keys, signedText(path, parameters), signature)) {
    throw forbidden('Expected a signature of this path and these parameters', 'signature');
  }
  if (expires === undefined) return undefined;
  return checkNotExpired(Number(expires), 'expires', 'signature');
}

/** @throws RequestError `forbidden` */
export function verifyGrant(keys: readonly string[], token: unknown): VerifiedGrant {
  const [payload = '', signature = '', ...rest] = typeof token === 'string' ? token.split('.') : [];
  if (rest.length > 0 || !isSigned(keys, grantText(payload), signature)) {
    throw forbidden("Expected a grant signed with one of this server's keys", 'grant');
  }
  const grant = parse(payload);
  if (!Check(Grant, grant)) {
    const fields = Object.keys(Grant.properties).join(', ');
    throw forbidden(`Expected a grant with expires and no fields other than ${fields}`, 'grant');
  }
  checkNotExpired(grant.expires, 'grant', 'grant');
  return { ...grant, token: payload };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** @throws RequestError `forbidden` with both times, as clocks may differ */
function checkNotExpired(expires: number, parameter: string, noun: string): number {
  const now = Date.now();
  if (expires * 1000 > now) return expires;
  const actual =
    Number.isSafeInteger(expires) && expires < 8.64e12 ? new Date(expires * 1000).toISOString() : 'an invalid time';
  throw forbidden(
    `Expected a ${noun} that ends after ${new Date(now).toISOString()} by this server's clock but received ${actual}`,
    parameter,
  );
}

function forbidden(message: string, parameter: string): RequestError {
  return new RequestError('forbidden', message, { parameter });
}
