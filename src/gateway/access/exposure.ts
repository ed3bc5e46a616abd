import { ConfigError } from '../../config.ts';
import type { Logger } from '../../log.ts';

/** A door that other machines may reach. */
export interface ExposedDoor {
  /** Such as `HTTP door`. */
  name: string;
  /** Variable that says where it listens. */
  setting: string;
  value: string;
  isLocal: boolean;
  hasKeys: boolean;
  /** The keys that it needs, and the kind that keygen makes. */
  needs: string;
  keygen: 'api' | 'curve';
}

/** @throws ConfigError for a door that everyone would reach, unless that is allowed, which is logged at each start */
export function checkExposure(door: ExposedDoor, allowUnauthenticated: boolean, log: Logger): void {
  const { name, setting, value, isLocal, hasKeys, needs, keygen } = door;
  if (isLocal || hasKeys) return;
  if (allowUnauthenticated)
    log.warn({ door: name, address: value }, 'open to everyone who reaches it: no keys are set');
  else
    throw new ConfigError(
      `Expected ${needs}, or a loopback address for ${setting} but received ${value}, which others may reach. ` +
        `Make a key with: imgwire keygen ${keygen} NAME. IMGWIRE_ALLOW_UNAUTHENTICATED=true serves everyone`,
    );
}
