import { isIPv6 } from 'node:net';
import { memoize } from '../memoize.ts';

const maxAddresses = 1024;

/** An IPv6 address by its /64, which is what one customer gets; IPv4 alike, mapped or not. */
export const networkOf: (address: string) => string = memoize(maxAddresses, (address) => {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const plain = address.replace(/%.*$/, '').replace(/[\d.]+\.\d+$/, '0:0');
  const [head = [], tail] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = tail === undefined ? [] : Array(8 - head.length - tail.length).fill('0');
  const network = [...head, ...zeros, ...(tail ?? [])].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::`;
});

/**
 * Who counts as one client: a key's name, else an address.
 * @returns undefined for neither
 */
export function clientKey({ name, address }: { name?: string; address?: string | undefined }): string | undefined {
  if (name !== undefined) return `key ${name}`;
  return address === undefined ? undefined : networkOf(address);
}
