import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../../config.ts';
import { received } from '../../contract/error-text.ts';
import { ownAddresses } from './own-addresses.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address is loopback, so that only this machine can reach it. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Whether every address that the HTTP door's host resolves to is loopback.
 * @throws ConfigError for a host that does not resolve to an address of this machine
 */
export async function isLoopbackHost(host: string): Promise<boolean> {
  const addresses = await ownAddresses(host).catch((cause: Error) => {
    const expected = 'an address or host name of this machine, such as 127.0.0.1, ::1 or localhost,';
    const reason = `${received(host)}: ${cause.message}`;
    throw new ConfigError(`Expected ${expected} for IMGWIRE_HOST but received ${reason}`, { cause });
  });
  return addresses.every(isLoopback);
}
