import { randomBytes } from 'node:crypto';
import { Context, Router } from 'zeromq';
import type { Logger } from '../../log.ts';
import { type CurveOptions, readCurveKeys } from './curve.ts';
import { resolveEndpoint, wrongEndpoint } from './endpoint.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import { createPeers, type Peer } from './peers.ts';
import { openZapHandler } from './zap.ts';

/** The ROUTER socket that clients connect to. */
export interface ClientSocket {
  /** Where it really listens. */
  readonly endpoint: string;
  /** Connected clients. */
  readonly peers: number;
  /**
   * Sends a message at once.
   * @throws Error with the code EAGAIN where the peer takes no more at the moment, and EHOSTUNREACH where it has gone
   */
  send(peer: Peer, frames: readonly Buffer[]): Promise<void>;
  /** Reads messages, each with the peer that it came from, until the socket is closed. */
  receive(onMessage: (peer: Peer, frames: Buffer[]) => void, onGone: (peer: Peer) => void): Promise<void>;
  close(): void;
}

export interface ClientSocketOptions extends CurveOptions {
  /** Where it listens: `tcp://ADDRESS:PORT` or `ipc://PATH`. */
  zmqEndpoint: string;
  /** Most connections; those beyond it are refused. */
  zmqConnections: number;
  /** Whether an address that other machines can reach may be bound without CURVE keys. */
  allowUnauthenticated: boolean;
  /** Length of the queue of connections to accept. */
  backlog: number;
  /** Largest frame, in bytes; a peer that announces a larger one is disconnected. */
  maxFrameBytes: number;
  /** Milliseconds that messages get to leave after the socket was closed. */
  linger: number;
  log: Logger;
}

/** Options of libzmq's draft API, which zeromq.js has no names for. */
const ZMQ_ROUTER_NOTIFY = 97;
const ZMQ_NOTIFY_CONNECT = 1;
const ZMQ_DISCONNECT_MSG = 111;

const handshakeMs = 5000;

/** A TCP peer that acknowledges nothing, or keeps its window shut, for so long is disconnected by the kernel, in milliseconds. */
const unacknowledgedMs = 30_000;

/** Messages each way that libzmq keeps for a peer. With 1, the handshake never ends where there is a ZAP handler. */
const highWaterMark = 4;

/** @throws Error for an endpoint that cannot or must not be bound, and for wrong CURVE keys */
export async function openClientSocket(options: ClientSocketOptions): Promise<ClientSocket> {
  const { zmqEndpoint, zmqConnections, maxFrameBytes, backlog, linger, log } = options;
  const curve = readCurveKeys(options);
  const address = await resolveEndpoint(zmqEndpoint);
  if (!address.isLocal && curve === undefined) {
    if (!options.allowUnauthenticated) throw unauthenticated(zmqEndpoint);
    log.warn({ endpoint: zmqEndpoint }, 'ZeroMQ door is open to every client that reaches it: no CURVE keys are set');
  }

  // A context has one ZAP handler.
  const context = new Context();
  const peers = createPeers();
  const router = new Router({
    context,
    // An error, instead of silence, where a peer has gone or takes no more; only with a send timeout of 0.
    mandatory: true,
    sendTimeout: 0,
    sendHighWaterMark: highWaterMark,
    receiveHighWaterMark: highWaterMark,
    linger,
    maxMessageSize: maxFrameBytes,
    backlog,
    handshakeInterval: handshakeMs,
    // No heartbeats: libzmq aborts the process where a peer that is not read goes away.
    tcpKeepalive: 1,
    tcpKeepaliveIdle: 15,
    tcpMaxRetransmitTimeout: unacknowledgedMs,
    // With IPv6, IPv4 addresses would be reported as ::ffff:127.0.0.1.
    ipv6: address.isIpv6,
    // Without a domain, ZAP is not asked about clients without CURVE, and ZMTP 1 and 2 get past it.
    zapDomain: 'imgwire',
    ...(curve && { curveServer: true, curveSecretKey: curve.secretKey }),
  }) as Router & DraftOptions;
  // Random, so that no client can send it.
  const goneToken = randomBytes(16);
  router.setInt32Option(ZMQ_ROUTER_NOTIFY, ZMQ_NOTIFY_CONNECT);
  router.setStringOption(ZMQ_DISCONNECT_MSG, goneToken);

  const monitor: Monitor = startMonitor(router, log);
  const zap = await openZapHandler({
    context,
    curve,
    hasTooMany: () => monitor.connections > zmqConnections,
    onAdmitted: peers.admitted,
    log,
  });
  const close = () => {
    monitor.close();
    zap.close();
    router.close();
  };
  try {
    await router.bind(address.endpoint);
  } catch (cause) {
    close();
    throw wrongEndpoint('an endpoint that can be bound', zmqEndpoint, cause);
  }

  // zeromq.js refuses a second send while one is pending.
  let lastSend: Promise<unknown> = Promise.resolve();

  return {
    endpoint: router.lastEndpoint as string,
    get peers() {
      return peers.size;
    },
    send({ id }, frames) {
      const sent = lastSend.then(() => router.send([id, ...frames]));
      lastSend = sent.catch(() => {});
      return sent;
    },
    async receive(onMessage, onGone) {
      for await (const [id, ...frames] of router as AsyncIterable<[Buffer, ...Buffer[]]>) {
        const peer = peers.find(id);
        if (peer === undefined) {
          // The first message is libzmq's own: an empty frame.
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

interface DraftOptions {
  setInt32Option(option: number, value: number): void;
  setStringOption(option: number, value: Buffer): void;
}

function unauthenticated(endpoint: string): Error {
  return new Error(
    `Expected IMGWIRE_ZMQ_ENDPOINT to be a loopback address or ipc but received ${endpoint}, which every client that ` +
      'reaches it could use. Set IMGWIRE_CURVE_SECRET_KEY and IMGWIRE_CURVE_CLIENT_KEYS, ' +
      'or IMGWIRE_ALLOW_UNAUTHENTICATED=true to open it all the same',
  );
}
