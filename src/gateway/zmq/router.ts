import { randomBytes } from 'node:crypto';
import { Context, Router } from 'zeromq';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import type { Access } from '../access/access.ts';
import type { Caller } from '../access/api-keys.ts';
import { checkCurveKeys } from '../access/curve.ts';
import { checkExposure } from '../access/exposure.ts';
import type { AddressTest } from '../limits/addresses.ts';
import { endpointError, resolveEndpoint } from './endpoint.ts';
import { createIoBarrier } from './io-barrier.ts';
import { startMonitor } from './monitor.ts';
import { createPeers, type Peer } from './peers.ts';
import { openZapHandler } from './zap.ts';

type Settings =
  | 'zmqEndpoint'
  | 'zmqConnections'
  | 'zmqConnectionsPerAddress'
  | 'allowUnauthenticated'
  | 'curveSecretKey';

export interface ClientSocketOptions extends Pick<Config, Settings> {
  /** Addresses exempt from the limit per address. */
  isUnlimited: AddressTest;
  access: Access;
  backlog: number;
  /** A peer that announces a larger frame is disconnected. */
  maxFrameBytes: number;
  /** Milliseconds to keep sending queued replies after close. */
  linger: number;
  log: Logger;
}

/** Caller for a peer that bypassed the ZAP handler. */
const unauthenticatedCaller: Caller = { name: undefined, rights: new Set() };

/** Options of libzmq's draft API, which zeromq.js does not expose. */
const ZMQ_ROUTER_NOTIFY = 97;
const ZMQ_NOTIFY_CONNECT = 1;
const ZMQ_DISCONNECT_MSG = 111;

/** Per peer and direction. With 1 and a ZAP handler, handshakes never end. */
const highWaterMark = 4;

/**
 * Binds the ROUTER socket for clients.
 * @throws Error if the endpoint cannot or must not be bound, or CURVE keys are invalid
 */
export async function openClientSocket(options: ClientSocketOptions) {
  const { zmqEndpoint, zmqConnections, zmqConnectionsPerAddress, isUnlimited, maxFrameBytes, backlog, linger, log } =
    options;
  const { keys } = options.access;
  const hasCurve = checkCurveKeys(options.curveSecretKey, keys);
  const address = await resolveEndpoint(zmqEndpoint);
  const exposed = {
    name: 'ZeroMQ door',
    setting: 'IMGWIRE_ZMQ_ENDPOINT',
    value: zmqEndpoint,
    isLocal: address.isLocal,
    // Without CURVE no client can authenticate, and strangers can send unbounded messages.
    needs: 'IMGWIRE_CURVE_SECRET_KEY and a CURVE key in IMGWIRE_API_KEYS',
    keygen: 'curve',
  } as const;
  checkExposure({ ...exposed, hasKeys: hasCurve }, options.allowUnauthenticated, log);

  // A context of its own: there is one ZAP handler per context.
  const context = new Context();
  const barrier = createIoBarrier(context);
  const peers = createPeers(hasCurve ? unauthenticatedCaller : keys.anyone, barrier);
  const router = new NotifyingRouter({
    context,
    // ZMQ_ROUTER_MANDATORY: a send fails with EHOSTUNREACH or EAGAIN instead of dropping the message or, with the send
    // timeout of 0, blocking.
    mandatory: true,
    sendTimeout: 0,
    sendHighWaterMark: highWaterMark,
    receiveHighWaterMark: highWaterMark,
    linger,
    maxMessageSize: maxFrameBytes,
    backlog,
    handshakeInterval: 5000,
    // No ZMQ_HEARTBEAT_IVL: libzmq aborts the process if a peer over the high-water mark goes away.
    tcpKeepalive: 1,
    tcpKeepaliveIdle: 15,
    // ZMQ_TCP_MAXRT: for peers that acknowledge nothing or keep their receive window closed.
    tcpMaxRetransmitTimeout: 30_000,
    // ZMQ_IPV6, for IPv6 addresses only: with it, IPv4 peers are reported as ::ffff:127.0.0.1.
    ipv6: address.isIpv6,
    // ZMQ_ZAP_DOMAIN: without it, NULL clients skip ZAP. ZMTP 1 and 2 bypass it in any case.
    zapDomain: 'imgwire',
    ...(hasCurve && { curveServer: true, curveSecretKey: options.curveSecretKey }),
  });
  // Random, so that no client can forge it.
  const goneToken = randomBytes(16);
  router.notify(goneToken);

  const monitor = startMonitor(router, log);
  let refused = 0;
  const zap = await openZapHandler({
    context,
    keys,
    isOpen: !hasCurve,
    hasTooMany(address) {
      // Does not count handshakes in progress: otherwise anyone could lock clients out by just opening connections.
      const hasRoom = peers.size + peers.unannouncedCount < zmqConnections;
      const isCounted = address !== '' && !isUnlimited(address);
      if (hasRoom && !(isCounted && peers.connectionsOf(address) >= zmqConnectionsPerAddress)) return false;
      refused += 1;
      return true;
    },
    settled: peers.settled,
    onAdmitted: peers.admitted,
    log,
  });
  const close = () => {
    monitor.close();
    zap.close();
    barrier.close();
    router.close();
  };
  try {
    await router.bind(address.endpoint);
  } catch (cause) {
    close();
    throw new Error(endpointError('an endpoint that can be bound', zmqEndpoint, cause).message, { cause });
  }

  // Serialized: zeromq.js rejects a send while another is pending.
  let lastSend: Promise<unknown> = Promise.resolve();

  return {
    /** Includes the actual port. */
    endpoint: router.lastEndpoint as string,
    hasPeers: () => peers.size > 0,
    stats: () => ({ connections: peers.size, refused }),
    /** @throws Error EAGAIN if the peer's buffers are full, EHOSTUNREACH if it has gone */
    send({ id }: Peer, frames: readonly Buffer[]): Promise<void> {
      const sent = lastSend.then(() => router.send([id, ...frames]));
      lastSend = sent.catch(() => {});
      return sent;
    },
    /** Resolves once the socket closes. */
    async receive(onMessage: (peer: Peer, frames: Buffer[]) => void, onGone: (peer: Peer) => void): Promise<void> {
      for await (const [id, ...frames] of router as AsyncIterable<[Buffer, ...Buffer[]]>) {
        const peer = peers.find(id);
        if (peer === undefined) {
          peers.add(id);
          monitor.connected();
        } else if (frames.length === 1 && frames[0]?.equals(goneToken)) {
          peers.remove(peer);
          monitor.disconnected();
          onGone(peer);
        } else {
          onMessage(peer, frames);
        }
      }
    },
    close,
  };
}

class NotifyingRouter extends Router {
  /** Has libzmq announce each new peer by an empty frame, and each that has gone by the token. */
  notify(goneToken: Buffer): void {
    this.setInt32Option(ZMQ_ROUTER_NOTIFY, ZMQ_NOTIFY_CONNECT);
    this.setStringOption(ZMQ_DISCONNECT_MSG, goneToken);
  }
}
