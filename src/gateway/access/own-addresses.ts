import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, isIP } from 'node:net';

/** All else would be asked of name servers, for seconds. */
const hostName = /^[\w-]+(\.[\w-]+)*\.?$/;

/**
 * Addresses of this machine that a server may listen at.
 * @param host an IP address, or a host name
 * @param family 4 or 6; default: both
 * @throws Error for a name that cannot be resolved, and where no address is one of this machine
 */
export async function ownAddresses(host: string, family = 0): Promise<[string, ...string[]]> {
  const [first, ...others] = isIP(host) ? [host] : await addressesOf(host, family);
  if (first === undefined) throw new Error('no such host name');
  const errors = await Promise.all([first, ...others].map(bindingError));
  // Such as localhost, where IPv6 is off.
  if (errors.includes(undefined)) return [first, ...others];
  throw errors[0];
}

async function addressesOf(name: string, family: number): Promise<string[]> {
  if (!hostName.test(name)) return [];
  return (await lookup(name, { all: true, family })).map(({ address }) => address);
}

async function bindingError(host: string): Promise<unknown> {
  const server = createServer().listen({ host, port: 0 });
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
}
