import { Request } from 'zeromq';
import { curveClientOptions, type NodeAddress } from '../nodes/node-address.ts';
import { LaneLost } from './errors.ts';

/** One REQ socket, for one connection: what follows a loss is the next one's. */
export interface Connection {
  /** Resolves once the peer has been found to speak ZeroMQ; never where it has not. */
  readonly connected: Promise<void>;
  /** Resolves with the reason. */
  readonly lost: Promise<string>;
  /** @throws LaneLost, and the socket's errors once it is closed */
  exchange(frames: Buffer[]): Promise<Buffer[]>;
  close(reason: string): void;
}

/** Largest result, 8192 × 8192 pixels of a PNG that does not compress, in base64. */
const maxReplyBytes = 536_870_912;

const handshakeMs = 5000;

/** @param onTrouble told why there is no connection yet */
export function connect(address: NodeAddress, curveSecretKey: string, onTrouble: (reason: string) => void): Connection {
  const socket = new Request({
    // ZMQ_IMMEDIATE: a send to an endpoint that is not there would queue and "succeed".
    immediate: true,
    // ZMQ_LINGER: unsent messages would keep the process alive after close.
    linger: 0,
    // ZMQ_RECONNECT_IVL: for ever, until the first connection.
    reconnectInterval: 100,
    reconnectMaxInterval: 2000,
    // ZMQ_CONNECT_TIMEOUT, ZMQ_HANDSHAKE_IVL: a host that is unplugged, a process that is frozen.
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
    // First: who waits for it forgets the connection before a pending exchange is rejected.
    onLost(reason);
    socket.close();
  }

  async function watch(): Promise<void> {
    for await (const event of socket.events) {
      if (event.type === 'handshake') {
        isConnected = true;
        onConnected();
      } else if (event.type === 'disconnect' && isConnected) return close('disconnected');
      else if (event.type.startsWith('handshake:error')) onTrouble(troubles[event.type] ?? event.type);
      else if (event.type === 'connect:retry' || event.type === 'close:error') onTrouble('not reached');
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

const troubles: Readonly<Record<string, string>> = {
  'handshake:error:protocol': 'no handshake: check the CURVE keys',
  'handshake:error:auth': 'this node is not let in: check the CURVE keys and the address',
  'handshake:error:other': 'no handshake',
};
