import type { AddressInfo, ListenOptions, Server } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Where a socket has to listen for a ZeroMQ endpoint: `tcp://` with an address, a name, an interface or `*`,
 * and a port, where `0` and `*` take any free one; or `ipc://` with a path, or `@` and a name that is in no folder.
 * @throws Error for another transport or port
 */
export function toListenOptions(endpoint: string): ListenOptions {
  const path = /^ipc:\/\/(.+)$/.exec(endpoint)?.[1];
  if (path !== undefined) return { path: path.replace(/^@/, '\0') };
  const [, host = '', port = ''] = /^tcp:\/\/(.+):(\d{1,5}|\*)$/.exec(endpoint) ?? [];
  if (host === '' || (port !== '*' && Number(port) > 65535)) {
    throw new Error(`Expected tcp://ADDRESS:PORT or ipc://PATH but received ${endpoint}`);
  }
  return { host: toHost(host), port: port === '*' ? 0 : Number(port) };
}

function toHost(host: string): string {
  if (host === '*') return '0.0.0.0';
  const address = networkInterfaces()[host]?.find(({ family }) => family === 'IPv4')?.address;
  return address ?? host.replace(/^\[(.*)\]$/, '$1');
}

/** The endpoint that a server really listens at. */
export function toEndpoint(server: Server): string {
  const address = server.address() as AddressInfo | string;
  if (typeof address === 'string') return `ipc://${address.replace(/^\0/, '@')}`;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `tcp://${host}:${address.port}`;
}
