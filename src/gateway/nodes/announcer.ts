import { randomUUID } from 'node:crypto';
import { Context, Publisher } from 'zeromq';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import { checkExposure } from '../access/exposure.ts';
import { decodeZ85 } from '../access/z85.ts';
import { resolveEndpoint } from '../zmq/endpoint.ts';
import { openZapHandler } from '../zmq/zap.ts';
import { type DeletionMessage, maxMessageBytes } from './deletion-message.ts';
import type { NodeAddress } from './node-address.ts';

/** Broadcasts deletions to the other nodes. */
export interface Announcer {
  /** Identifies this run of the node in its messages. */
  readonly boot: string;
  announce(imageId: string): void;
  close(): void;
}

export interface AnnouncerOptions extends Pick<Config, 'peerEndpoint' | 'curveSecretKey' | 'allowUnauthenticated'> {
  /** With CURVE, only nodes whose key is in this list are admitted. */
  peers: readonly NodeAddress[];
  log: Logger;
}

export const heartbeatMs = 1000;

/** Queued messages per slow peer; libzmq drops the rest, and the peer sees a gap in the sequence. */
const highWaterMark = 1000;

/**
 * Opens the PUB socket on which this node announces deletions, with a heartbeat.
 * @throws ConfigError if the endpoint is invalid or must not be exposed; Error if it cannot be bound
 */
export async function openAnnouncer(options: AnnouncerOptions): Promise<Announcer> {
  const { peerEndpoint, peers, curveSecretKey, allowUnauthenticated, log } = options;
  const hasCurve = curveSecretKey !== '';
  const { endpoint, isIpv6, isLocal } = await resolveEndpoint(peerEndpoint, setting);
  const needs = 'IMGWIRE_CURVE_SECRET_KEY';
  const exposed = { name: 'PUB socket', setting, value: peerEndpoint, isLocal, needs, keygen: 'curve' } as const;
  checkExposure({ ...exposed, hasKeys: hasCurve }, allowUnauthenticated, log);

  // A context of its own: there is one ZAP handler per context.
  const context = new Context();
  const zap = hasCurve ? await openZapHandler({ context, ...admitOnly(peers), log }) : undefined;
  const socket = new Publisher({
    context,
    linger: 0,
    sendHighWaterMark: highWaterMark,
    // Peers send nothing but subscriptions.
    maxMessageSize: maxMessageBytes,
    ipv6: isIpv6,
    ...(hasCurve && { curveServer: true, curveSecretKey, zapDomain: 'imgwire' }),
  });
  const boot = randomUUID();
  let sequence = 0;
  let lastSend: Promise<unknown> = Promise.resolve();

  function send(message: DeletionMessage): void {
    const text = JSON.stringify(message);
    // Serialized: zeromq.js rejects a send while another is pending.
    lastSend = lastSend
      .then(() => socket.send(text))
      .catch((error) => {
        if (!socket.closed) log.error({ err: error }, 'peers not notified');
      });
  }

  const closeSockets = () => {
    socket.close();
    zap?.close();
  };
  await socket.bind(endpoint).catch((cause) => {
    closeSockets();
    throw new Error(`Expected an endpoint that can be bound for ${setting} but received ${peerEndpoint}`, { cause });
  });
  const heartbeat = setInterval(() => send({ boot, sequence }), heartbeatMs);

  return {
    boot,
    announce(imageId) {
      sequence += 1;
      send({ boot, sequence, deleted: imageId });
    },
    close() {
      clearInterval(heartbeat);
      closeSockets();
    },
  };
}

const setting = 'IMGWIRE_PEER_ENDPOINT';

function admitOnly(peers: readonly NodeAddress[]) {
  const keys = new Set(peers.flatMap(({ publicKey }) => publicKey ?? []).map((key) => decodeZ85(key).toString('hex')));
  const node = { name: 'node', rights: new Set<never>() };
  return {
    keys: { ofCurveKey: (key: string) => (keys.has(key) ? node : undefined), anyone: node },
    isOpen: false,
    hasTooMany: () => false,
    settled: async () => {},
    onAdmitted() {},
  };
}
