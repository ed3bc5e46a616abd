import { ConfigError } from '../../config.ts';
import type { Logger } from '../../log.ts';

/** A door's bind address and whether keys protect it. */
export interface ExposedDoor {
  /** For messages, e.g. `HTTP door`. */
  name: string;
  /** Environment variable of the bind address. */
  setting: string;
  value: string;
  isLocal: boolean;
  hasKeys: boolean;
  /** Keys that would protect it, for the error message, and their `imgwire keygen` kind. */
  needs: string;
  keygen: 'api' | 'curve';
}

/**
 * Warns at each start about a reachable door without keys, if unauthenticated access is allowed.
 * @throws ConfigError if it is not allowed
 */
export function checkExposure(door: ExposedDoor, allowUnauthenticated: boolean, log: Logger): void {
  const { name, setting, value, isLocal, hasKeys, needs, keygen } = door;
  if (isLocal || hasKeys) return;
  if (allowUnauthenticated)
    log.warn({ door: name, address: value }, 'open to everyone who reaches it: no keys are set');
  else
    throw new ConfigError(
      `Expected ${needs}, or a loopback address for ${setting} but received ${value}, which other machines can reach. ` +
        `Make a key with: imgwire keygen ${keygen} NAME. IMGWIRE_ALLOW_UNAUTHENTICATED=true serves everyone`,
    );
}
