import { lookup } from 'node:dns/promises';
import { lstatSync } from 'node:fs';
import { BlockList, connect, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** What libzmq is told to bind. */
export interface BindAddress {
  endpoint: string;
  isIpv6: boolean;
  /** Whether only this machine can reach it: a loopback address, or ipc. */
  isLocal: boolean;
}

/** `sun_path` less its final zero byte; libzmq cuts longer paths short without an error. */
const maxPathBytes = process.platform === 'darwin' ? 103 : 107;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Checks an endpoint before libzmq binds it, as libzmq takes over live ipc paths and wraps ports above 65535,
 * and resolves its host name: an IP address (IPv6 in brackets), a name, a network interface or `*`.
 * Port `0` or `*` is any free one; `ipc://@NAME` is an abstract socket.
 * @throws Error that names IMGWIRE_ZMQ_ENDPOINT
 */
export async function resolveEndpoint(endpoint: string): Promise<BindAddress> {
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
    isLocal: loopback.check(address, isIpv6 ? 'ipv6' : 'ipv4'),
  };
}

/** An error for a value of IMGWIRE_ZMQ_ENDPOINT. */
export function wrongEndpoint(expected: string, endpoint: string, cause?: unknown): Error {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new Error(`Expected IMGWIRE_ZMQ_ENDPOINT to be ${expected} but received ${endpoint}${reason}`, { cause });
}

async function resolveHost(host: string, endpoint: string): Promise<string> {
  if (isIP(host)) return host;
  const ofInterface = networkInterfaces()[host]?.find(({ family }) => family === 'IPv4')?.address;
  if (ofInterface !== undefined) return ofInterface;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch (cause) {
    throw wrongEndpoint('an address, a host name or a network interface', endpoint, cause);
  }
}

async function checkPath(path: string, endpoint: string): Promise<void> {
  if (Buffer.byteLength(path) > maxPathBytes) throw wrongEndpoint(`a path of at most ${maxPathBytes} bytes`, endpoint);
  const isAbstract = path.startsWith('@');
  const found = isAbstract ? undefined : lstatSync(path, { throwIfNoEntry: false });
  // libzmq would unlink it, whatever it is.
  if (found !== undefined && !found.isSocket()) throw wrongEndpoint('a free path or a socket left behind', endpoint);
  if (await isListening(isAbstract ? `\0${path.slice(1)}` : path)) {
    throw wrongEndpoint('a path that no other process listens at', endpoint);
  }
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
