import { isIPv6 } from 'node:net';
import { curveKeyPair } from 'zeromq';
import { ConfigError } from '../../config.ts';
import { curvePublicKey, isZ85Key } from '../access/z85.ts';
import { maxSocketPathBytes } from '../unix-socket.ts';

/** Another node, as `IMGWIRE_PEERS` and `IMGWIRE_UPSTREAMS` name it. */
export interface NodeAddress {
  endpoint: string;
  /** Its public CURVE key in Z85; undefined for a node without CURVE. */
  publicKey: string | undefined;
}

const form = 'tcp://HOST:PORT or ipc://PATH, with |PUBLIC_KEY for a node that speaks CURVE,';

/** A host name, an IPv4 address, or an IPv6 address in brackets. */
const tcpForm = /^tcp:\/\/(?:[\w-]+(?:\.[\w-]+)*\.?|\[([^\]]+)\]):(\d+)$/;

/**
 * Parses `ENDPOINT` or `ENDPOINT|PUBLIC_KEY`.
 * @param setting variable to name in an error
 * @throws ConfigError
 */
export function readNodeAddress(setting: string, entry: string): NodeAddress {
  const [endpoint = '', publicKey, ...rest] = entry.trim().split('|');
  const [, ipv6, port = 0] = tcpForm.exec(endpoint) ?? [];
  const isTcp = Number(port) > 0 && Number(port) < 65_536 && (ipv6 === undefined || isIPv6(ipv6));
  const isEndpoint = isTcp || /^ipc:\/\/\S/.test(endpoint);
  if (!isEndpoint || rest.length > 0) {
    throw new ConfigError(`Expected ${form} for ${setting} but received ${JSON.stringify(endpoint)}`);
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
 * Socket options of a client of this node; none without CURVE.
 * @param secretKey this node's own in Z85; empty for a fresh pair
 */
export function curveClientOptions({ publicKey: serverKey }: NodeAddress, secretKey: string) {
  if (serverKey === undefined) return {};
  const own = secretKey === '' ? curveKeyPair() : { publicKey: curvePublicKey(secretKey), secretKey };
  return { curveServerKey: serverKey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
}
