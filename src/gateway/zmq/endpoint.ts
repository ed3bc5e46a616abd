import { lookup } from 'node:dns/promises';
import { lstatSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ConfigError } from '../../config.ts';
import { isLoopback } from '../access/loopback.ts';
import { isListening } from '../unix-socket.ts';

/** `sun_path` less its zero; libzmq silently truncates longer paths. */
const maxPathBytes = process.platform === 'darwin' ? 103 : 107;

/**
 * Resolves the host (IP address, name, interface, `*`) and checks the rest: libzmq takes over live ipc paths and wraps
 * ports above 65535. Port `0` or `*` is any free one; `ipc://@NAME` an abstract socket.
 * @returns what to bind, and whether it is local (loopback or ipc)
 * @throws ConfigError
 */
export async function resolveEndpoint(endpoint: string) {
  const path = /^ipc:\/\/(.+)$/s.exec(endpoint)?.[1];
  if (path !== undefined) {
    await checkPath(path, endpoint);
    return { endpoint, isIpv6: false, isLocal: true };
  }
  const [, host = '', port = ''] = /^tcp:\/\/(.+):(\d+|\*)$/.exec(endpoint) ?? [];
  if (host === '') throw wrongEndpoint('tcp://ADDRESS:PORT or ipc://PATH', endpoint);
  if (Number(port) > 65_535) throw wrongEndpoint('a port from 0 to 65535', endpoint);
  const bindPort = Number(port) === 0 ? '*' : port;
  if (host === '*') return { endpoint: `tcp://*:${bindPort}`, isIpv6: false, isLocal: false };
  const address = await resolveHost(host.replace(/^\[(.*)\]$/, '$1'), endpoint);
  const isIpv6 = isIPv6(address);
  return {
    endpoint: `tcp://${isIpv6 ? `[${address}]` : address}:${bindPort}`,
    isIpv6,
    isLocal: isLoopback(address),
  };
}

export function wrongEndpoint(expected: string, endpoint: string, cause?: unknown): ConfigError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new ConfigError(`Expected IMGWIRE_ZMQ_ENDPOINT to be ${expected} but received ${endpoint}${reason}`, {
    cause,
  });
}

async function resolveHost(host: string, endpoint: string): Promise<string> {
  if (isIP(host)) return host;
  const ofInterface = networkInterfaces()[host]?.find(({ family }) => family === 'IPv4')?.address;
  if (ofInterface !== undefined) return ofInterface;
  const found = await lookup(host, { family: 4 }).catch((cause) => {
    throw wrongEndpoint('an address, a host name or a network interface', endpoint, cause);
  });
  return found.address;
}

async function checkPath(path: string, endpoint: string): Promise<void> {
  if (Buffer.byteLength(path) > maxPathBytes) throw wrongEndpoint(`a path of at most ${maxPathBytes} bytes`, endpoint);
  const found = path.startsWith('@') ? undefined : lstatSync(path, { throwIfNoEntry: false });
  // libzmq would unlink any file.
  if (found !== undefined && !found.isSocket()) throw wrongEndpoint('a free path or a socket left behind', endpoint);
  if (await isListening(path.replace(/^@/, '\0'))) {
    throw wrongEndpoint('a path that no other process listens at', endpoint);
  }
}
