import { setTimeout as delay } from 'node:timers/promises';
import { createMessageHandler, type ZmqHandlers } from './message-handler.ts';
import type { Peer } from './peers.ts';
import { maxJsonBytes } from './read-request.ts';
import { type ClientSocketOptions, openClientSocket } from './router.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';

export interface ZmqDoorOptions extends Omit<ClientSocketOptions, 'maxFrameBytes' | 'linger'> {
  maxUploadBytes: number;
  /** Bytes per client; default: two images, at least 64 MiB. */
  maxWaitingBytes?: number;
}

/** For replies to leave. */
const lingerMs = 1000;

/** Requests are refused that long after the last reply: unanswered REQ clients wait for ever. */
const graceMs = 200;

/** To read a message, beside its bytes at a quarter of a weak mobile connection. */
const stalledMs = 30_000;
const slowestBytesPerSecond = 131_072;

/**
 * A ROUTER that answers every message. libzmq buffers up to `zmqConnections` × twice the largest base64 image.
 * @throws Error for an endpoint that cannot or must not be bound, and for wrong CURVE keys
 */
export async function bindZmqDoor(options: ZmqDoorOptions) {
  const { maxUploadBytes, maxWaitingBytes = Math.max(2 * maxUploadBytes, 64 * 2 ** 20), log } = options;
  // Twice: an image somewhat too large gets an answer.
  const maxFrameBytes = 2 * maxJsonBytes(maxUploadBytes);
  const socket = await openClientSocket({ ...options, maxFrameBytes, linger: lingerMs });
  let replies: SendQueue<Peer> | undefined;
  let unread = 0;

  return {
    endpoint: socket.endpoint,
    /** Open connections; refused connections, and requests refused since replies are not read, in all. */
    stats: () => ({ ...socket.stats(), unread }),
    /** Clients may send before. */
    serve(handlers: ZmqHandlers): void {
      const queue = createSendQueue<Peer>({
        transmit: socket.send,
        budget: handlers.budget,
        maxBytes: maxWaitingBytes,
        patienceMs: (bytes) => stalledMs + (bytes / slowestBytesPerSecond) * 1000,
        onStalled(peer) {
          log.warn({ peer: peer.client.address, reason: 'replies that are not read' }, 'peer cut off');
          for (const context of peer.open) context.abort();
        },
      });
      replies = queue;
      const onUnread = () => {
        unread += 1;
      };
      const handle = createMessageHandler({
        ...handlers,
        access: options.access,
        maxUploadBytes,
        maxWaitingBytes,
        replies: queue,
        onUnread,
        log,
      });
      socket
        .receive(handle, (peer) => queue.drop(peer, 'The client has gone'))
        .catch((error) => log.error({ err: error }, 'ZeroMQ door failed'));
    },
    /** Refuses requests for a moment, then lets replies leave. */
    async close(): Promise<void> {
      if (socket.hasPeers()) await delay(graceMs);
      // Not for clients that do not read.
      await Promise.race([replies?.idle(), delay(lingerMs, undefined, { ref: false })]);
      replies?.close();
      socket.close();
    },
  };
}
