import { type Config, ConfigError } from '../../config.ts';
import { curvePublicKey } from '../access/z85.ts';
import { type NodeAddress, readNodeAddress } from './node-address.ts';

/**
 * Reads IMGWIRE_UPSTREAMS.
 * @throws ConfigError for an invalid or duplicate address
 */
export const readUpstreams = ({ upstreams }: Pick<Config, 'upstreams'>) => readAll('IMGWIRE_UPSTREAMS', upstreams);

/**
 * Reads IMGWIRE_PEERS.
 * @throws ConfigError for an invalid or duplicate address, and for keys with which the nodes could not exchange
 *   deletions
 */
export function readPeers(config: Pick<Config, 'peers' | 'peerEndpoint' | 'curveSecretKey'>): NodeAddress[] {
  const peers = readAll('IMGWIRE_PEERS', config.peers);
  for (const peer of peers) {
    const error = keyError(peer, config);
    if (error !== undefined) throw new ConfigError(`Expected ${error}`);
  }
  return peers;
}

function readAll(setting: string, entries: readonly string[]): NodeAddress[] {
  const addresses = entries.map((entry) => readNodeAddress(setting, entry));
  const endpoints = new Set<string>();
  for (const { endpoint } of addresses) {
    if (endpoints.has(endpoint)) {
      throw new ConfigError(`Expected each endpoint once in ${setting} but received ${endpoint} twice`);
    }
    endpoints.add(endpoint);
  }
  return addresses;
}

/** With CURVE, nodes admit only peers whose keys they list. */
function keyError(
  { endpoint, publicKey }: NodeAddress,
  { peerEndpoint, curveSecretKey }: Pick<Config, 'peerEndpoint' | 'curveSecretKey'>,
): string | undefined {
  const hasCurve = curveSecretKey !== '';
  if (publicKey !== undefined && !hasCurve) {
    return `IMGWIRE_CURVE_SECRET_KEY with the key of ${endpoint} in IMGWIRE_PEERS but it is missing`;
  }
  if (publicKey === undefined && hasCurve && peerEndpoint !== '') {
    return `${endpoint}|PUBLIC_KEY in IMGWIRE_PEERS, as this node has IMGWIRE_CURVE_SECRET_KEY, but received no key`;
  }
  if (publicKey !== undefined && endpoint === peerEndpoint && publicKey !== curvePublicKey(curveSecretKey)) {
    return `the public key of IMGWIRE_CURVE_SECRET_KEY after ${endpoint} in IMGWIRE_PEERS, as it is the IMGWIRE_PEER_ENDPOINT, but received another`;
  }
  return undefined;
}
