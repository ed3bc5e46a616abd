import { BlockList, isIP, isIPv6 } from 'node:net';
import { ConfigError } from '../../config.ts';
import { networkOf } from './client-key.ts';

/** Tells of an IP address whether it is one of some. */
export type AddressTest = (address: string) => boolean;

const loopback = ['127.0.0.0/8', '::1'];

/** Loopback and the trusted proxies: others stand behind them, or the operator does. */
export function unlimitedAddresses(trustedProxies: readonly string[]): AddressTest {
  return addressTest([...loopback, ...trustedProxies]);
}

/**
 * @returns undefined for none
 * @throws ConfigError
 */
export function trustedProxyTest(trustedProxies: readonly string[]): AddressTest | undefined {
  return trustedProxies.length === 0 ? undefined : addressTest(trustedProxies);
}

function addressTest(ranges: readonly string[]): AddressTest {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    try {
      if (prefix === undefined) list.addAddress(address, familyOf(address));
      else list.addSubnet(address, prefix === '' ? Number.NaN : Number(prefix), familyOf(address));
    } catch (cause) {
      const expected = 'IP addresses and CIDR ranges, such as 10.0.0.0/8';
      throw new ConfigError(`Expected IMGWIRE_TRUSTED_PROXIES to hold ${expected} but received ${range}`, { cause });
    }
  }
  // X-Forwarded-For holds anything.
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Counts by address, IPv6 by its /64. */
export function createAddressCounts() {
  const counts = new Map<string, number>();
  const of = (address: string) => counts.get(networkOf(address)) ?? 0;
  return {
    of,
    add: (address: string) => void counts.set(networkOf(address), of(address) + 1),
    remove(address: string): void {
      const rest = of(address) - 1;
      if (rest > 0) counts.set(networkOf(address), rest);
      else counts.delete(networkOf(address));
    },
  };
}
