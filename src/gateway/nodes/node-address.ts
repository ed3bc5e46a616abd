import { isIPv6 } from 'node:net';
import { curveKeyPair } from 'zeromq';
import { ConfigError } from '../../config.ts';
import { curvePublicKey, isZ85Key } from '../access/z85.ts';
import { maxSocketPathBytes } from '../unix-socket.ts';

/** Address of another node, from `IMGWIRE_PEERS` or `IMGWIRE_UPSTREAMS`. */
export interface NodeAddress {
  endpoint: string;
  /** Its public CURVE key in Z85; undefined for a node without CURVE. */
  publicKey: string | undefined;
}

const expectedForm = 'tcp://HOST:PORT or ipc://PATH, with |PUBLIC_KEY for a node that speaks CURVE,';

/** A host name, an IPv4 address, or an IPv6 address in brackets. */
const tcpEndpoint = /^tcp:\/\/(?:[\w-]+(?:\.[\w-]+)*\.?|\[([^\]]+)\]):(\d+)$/;

/**
 * Parses `ENDPOINT` or `ENDPOINT|PUBLIC_KEY`.
 * @param setting environment variable to name in an error
 * @throws ConfigError
 */
export function readNodeAddress(setting: string, entry: string): NodeAddress {
  const [endpoint = '', publicKey, ...rest] = entry.trim().split('|');
  const [, ipv6, port = 0] = tcpEndpoint.exec(endpoint) ?? [];
  const isTcp = Number(port) > 0 && Number(port) < 65_536 && (ipv6 === undefined || isIPv6(ipv6));
  const isEndpoint = isTcp || /^ipc:\/\/\S/.test(endpoint);
  if (!isEndpoint || rest.length > 0) {
    throw new ConfigError(`Expected ${expectedForm} for ${setting} but received ${JSON.stringify(endpoint)}`);
  }
  if (Buffer.byteLength(endpoint) > maxSocketPathBytes + 'ipc://'.length && endpoint.startsWith('ipc')) {
    throw new ConfigError(
      `Expected a path of at most ${maxSocketPathBytes} bytes for ${setting} but received ${endpoint}`,
    );
  }
  if (publicKey !== undefined && !isZ85Key(publicKey)) {
    throw new ConfigError(`Expected a public CURVE key of 40 Z85 characters after ${endpoint} in ${setting}`);
  }
  return { endpoint, publicKey };
}

/**
 * CURVE socket options for a client of the addressed node; none if it has no key.
 * @param secretKey secret key of this node in Z85; empty to generate a key pair
 */
export function curveClientOptions({ publicKey: serverKey }: NodeAddress, secretKey: string) {
  if (serverKey === undefined) return {};
  const own = secretKey === '' ? curveKeyPair() : { publicKey: curvePublicKey(secretKey), secretKey };
  return { curveServerKey: serverKey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
}
