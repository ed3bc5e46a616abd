import { BlockList, isIP, isIPv6 } from 'node:net';
import { ConfigError } from '../../config.ts';
import { networkOf } from './client-key.ts';

/** Whether an IP address, with or without a port, is in a set. */
export type AddressTest = (address: string) => boolean;

/**
 * The IP address in an item of X-Forwarded-For, where some proxies write the port too: `192.0.2.1:80`, `[2001:db8::1]:80`.
 * @returns undefined for other text, which the header may hold
 */
export function forwardedAddress(text: string): string | undefined {
  const address = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : address;
}

const loopback = ['127.0.0.0/8', '::1'];

/** Matches loopback, which is the operator, and the trusted proxies, which many clients share. */
export function unlimitedAddresses(trustedProxies: readonly string[]): AddressTest {
  return addressTest([...loopback, ...trustedProxies]);
}

/**
 * @returns undefined without trusted proxies
 * @throws ConfigError for an invalid address or CIDR range
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
  return (text) => {
    const address = forwardedAddress(text);
    return address !== undefined && list.check(address, familyOf(address));
  };
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Counters per address; IPv6 addresses count per /64. */
export function createAddressCounts() {
  const counts = new Map<string, number>();
  const of = (address: string) => counts.get(networkOf(address)) ?? 0;
  return {
    of,
    add: (address: string) => void counts.set(networkOf(address), of(address) + 1),
    remove(address: string): void {
      const remaining = of(address) - 1;
      if (remaining > 0) counts.set(networkOf(address), remaining);
      else counts.delete(networkOf(address));
    },
  };
}
