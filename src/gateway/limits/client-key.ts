import { isIPv6 } from 'node:net';
import { memoize } from '../memoize.ts';

const maxAddresses = 1024;

/** Normalizes an address to what one customer has: the /64 of IPv6, the plain form of mapped IPv4. */
export const networkOf: (address: string) => string = memoize(maxAddresses, (address) => {
  if (!isIPv6(address)) return address;
  const mappedIpv4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mappedIpv4 !== undefined) return mappedIpv4;
  const hexGroups = address.replace(/%.*$/, '').replace(/[\d.]+\.\d+$/, '0:0');
  const [head = [], tail] = hexGroups.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = tail === undefined ? [] : Array(8 - head.length - tail.length).fill('0');
  const network = [...head, ...zeros, ...(tail ?? [])].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::`;
});

/**
 * Rate-limiting key of a client: the name of its API key, else its network.
 * @returns undefined without either
 */
export function clientKey({ name, address }: { name?: string; address?: string | undefined }): string | undefined {
  if (name !== undefined) return `key ${name}`;
  return address === undefined ? undefined : networkOf(address);
}
