import { lstatSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ConfigError } from '../../config.ts';
import { isLoopback } from '../access/loopback.ts';
import { ownAddresses } from '../access/own-addresses.ts';
import { isListening, maxSocketPathBytes } from '../unix-socket.ts';

/**
 * Resolves the host (IP address, name, interface, `*`) and validates the rest, since libzmq takes over live ipc paths
 * and wraps ports above 65535. Port `0` or `*` means any free one, `ipc://@NAME` an abstract socket.
 * @param setting environment variable to name in an error
 * @returns what to bind, and whether it is local (loopback or ipc)
 * @throws ConfigError
 */
export async function resolveEndpoint(endpoint: string, setting = 'IMGWIRE_ZMQ_ENDPOINT') {
  const invalid: ErrorFor = (expected, cause) => endpointError(expected, endpoint, cause, setting);
  const path = /^ipc:\/\/(.+)$/s.exec(endpoint)?.[1];
  if (path !== undefined) {
    await checkPath(path, invalid);
    return { endpoint, isIpv6: false, isLocal: true };
  }
  const [, host = '', port = ''] = /^tcp:\/\/(.+):(\d+|\*)$/.exec(endpoint) ?? [];
  if (host === '') throw invalid('tcp://ADDRESS:PORT or ipc://PATH');
  if (Number(port) > 65_535) throw invalid('a port from 0 to 65535');
  const bindPort = Number(port) === 0 ? '*' : port;
  if (host === '*') return { endpoint: `tcp://*:${bindPort}`, isIpv6: false, isLocal: false };
  const address = await resolveHost(host.replace(/^\[(.*)\]$/, '$1'), invalid);
  const isIpv6 = isIPv6(address);
  return {
    endpoint: `tcp://${isIpv6 ? `[${address}]` : address}:${bindPort}`,
    isIpv6,
    isLocal: isLoopback(address),
  };
}

type ErrorFor = (expected: string, cause?: unknown) => ConfigError;

export function endpointError(
  expected: string,
  endpoint: string,
  cause?: unknown,
  setting = 'IMGWIRE_ZMQ_ENDPOINT',
): ConfigError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new ConfigError(`Expected ${setting} to be ${expected} but received ${endpoint}${reason}`, { cause });
}

async function resolveHost(host: string, invalid: ErrorFor): Promise<string> {
  const ofInterface = networkInterfaces()[host]?.find(({ family }) => family === 'IPv4')?.address;
  const [address] = await ownAddresses(ofInterface ?? host, 4).catch((cause) => {
    throw invalid('at an address, a host name or a network interface of this machine', cause);
  });
  return address;
}

async function checkPath(path: string, invalid: ErrorFor): Promise<void> {
  if (Buffer.byteLength(path) > maxSocketPathBytes) throw invalid(`a path of at most ${maxSocketPathBytes} bytes`);
  // `bigint` keeps this stat out of the array that Node.js 20's module loader reads; see `createOutput`.
  const found = path.startsWith('@') ? undefined : lstatSync(path, { bigint: true, throwIfNoEntry: false });
  // libzmq would unlink any file there.
  if (found !== undefined && !found.isSocket()) throw invalid('a free path or a socket left behind');
  if (await isListening(path.replace(/^@/, '\0'))) {
    throw invalid('a path that no other process listens on');
  }
}
