import { ConfigError } from '../../config.ts';
import type { ApiKeys } from './api-keys.ts';
import { isZ85Key } from './z85.ts';

/**
 * Validates the CURVE configuration of the ZeroMQ door.
 * @returns whether the door uses CURVE
 * @throws ConfigError for a secret key without client keys, client keys without a secret key, and invalid Z85
 */
export function checkCurveKeys(secretKey: string, { curveKeys }: Pick<ApiKeys, 'curveKeys'>): boolean {
  if (secretKey === '') {
    if (curveKeys.size === 0) return false;
    throw new ConfigError('Expected IMGWIRE_CURVE_SECRET_KEY with client CURVE keys but it is missing');
  }
  // The message omits the key, which is secret.
  if (!isZ85Key(secretKey)) throw new ConfigError('Expected IMGWIRE_CURVE_SECRET_KEY to hold 40 Z85 characters');
  if (curveKeys.size > 0) return true;
  throw new ConfigError(
    'Expected public CURVE keys of clients in IMGWIRE_API_KEYS or IMGWIRE_CURVE_CLIENT_KEYS with IMGWIRE_CURVE_SECRET_KEY but received none',
  );
}
