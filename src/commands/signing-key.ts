import { ConfigError, readConfig } from '../config.ts';
import { readSigningKeys } from '../gateway/access/signing-keys.ts';

/**
 * Reads the first key of IMGWIRE_SIGNING_KEYS.
 * @throws ConfigError if there is none
 */
export function signingKey(): string {
  const [key] = readSigningKeys(readConfig(process.env).signingKeys);
  if (key === undefined)
    throw new ConfigError('Expected IMGWIRE_SIGNING_KEYS but it is not set; make one with: imgwire keygen signing');
  return key;
}
