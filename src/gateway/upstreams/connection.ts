import { Request } from 'zeromq';
import { curveClientOptions, type NodeAddress } from '../nodes/node-address.ts';
import { LaneLost } from './errors.ts';

/** A REQ socket used for a single connection: after a loss, a new one is opened. */
export interface Connection {
  /** Resolves after the ZeroMQ handshake; never, if there is none. */
  readonly connected: Promise<void>;
  /** Resolves with the reason once the connection is lost or closed. */
  readonly lost: Promise<string>;
  /** @throws LaneLost if it is closed already; the socket's error if it is closed meanwhile */
  exchange(frames: Buffer[]): Promise<Buffer[]>;
  close(reason: string): void;
}

/** The largest possible result in base64: an incompressible PNG of 8192 × 8192 pixels. */
const maxReplyBytes = 536_870_912;

const handshakeMs = 5000;

/** @param onConnectError called with the reason each time connecting fails */
export function connect(
  address: NodeAddress,
  curveSecretKey: string,
  onConnectError: (reason: string) => void,
): Connection {
  const socket = new Request({
    // ZMQ_IMMEDIATE: otherwise a send to a missing endpoint queues and "succeeds".
    immediate: true,
    // ZMQ_LINGER: otherwise unsent messages keep the process alive after close.
    linger: 0,
    // ZMQ_RECONNECT_IVL: retries without limit until the first connection.
    reconnectInterval: 100,
    reconnectMaxInterval: 2000,
    // ZMQ_CONNECT_TIMEOUT, ZMQ_HANDSHAKE_IVL: detect an unplugged host and a frozen process.
    connectTimeout: handshakeMs,
    handshakeInterval: handshakeMs,
    // ZMQ_MAXMSGSIZE
    maxMessageSize: maxReplyBytes,
    ipv6: address.endpoint.includes('['),
    ...curveClientOptions(address, curveSecretKey),
  });
  let isConnected = false;
  let onConnected = () => {};
  let onLost: (reason: string) => void = () => {};
  const connected = new Promise<void>((resolve) => {
    onConnected = resolve;
  });
  const lost = new Promise<string>((resolve) => {
    onLost = resolve;
  });

  function close(reason: string): void {
    // Before closing: those waiting for `lost` must drop the connection before its pending exchange rejects.
    onLost(reason);
    socket.close();
  }

  async function watch(): Promise<void> {
    for await (const event of socket.events) {
      if (event.type === 'handshake') {
        isConnected = true;
        onConnected();
      } else if (event.type === 'disconnect' && isConnected) return close('disconnected');
      else if (event.type.startsWith('handshake:error')) onConnectError(connectErrors[event.type] ?? event.type);
      else if (event.type === 'connect:retry' || event.type === 'close:error') onConnectError('unreachable');
    }
  }
  watch().catch((error) => close(String(error)));
  socket.connect(address.endpoint);

  return {
    connected,
    lost,
    async exchange(frames) {
      if (socket.closed) throw new LaneLost('closed');
      await socket.send(frames);
      return socket.receive();
    },
    close,
  };
}

const connectErrors: Readonly<Record<string, string>> = {
  'handshake:error:protocol': 'handshake failed: check the CURVE keys',
  'handshake:error:auth': 'this node is not admitted: check the CURVE keys and the address',
  'handshake:error:other': 'handshake failed',
};
