import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, isIP } from 'node:net';

/** Checked first: name servers may take seconds to answer for anything else. */
const hostName = /^[\w-]+(\.[\w-]+)*\.?$/;

/**
 * Resolves a host to its addresses, of which a server can bind to at least one.
 * @param host IP address or host name
 * @param family 4 or 6; default: both
 * @throws Error for a name that does not resolve, and if no address can be bound
 */
export async function ownAddresses(host: string, family = 0): Promise<[string, ...string[]]> {
  const [first, ...others] = isIP(host) ? [host] : await resolve(host, family);
  if (first === undefined) throw new Error('no such host name');
  const errors = await Promise.all([first, ...others].map(bindError));
  // One bindable address is enough: with IPv6 off, localhost still resolves to ::1.
  if (errors.includes(undefined)) return [first, ...others];
  throw errors[0];
}

async function resolve(name: string, family: number): Promise<string[]> {
  if (!hostName.test(name)) return [];
  return (await lookup(name, { all: true, family })).map(({ address }) => address);
}

async function bindError(host: string): Promise<unknown> {
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
