import { setTimeout as delay } from 'node:timers/promises';
import { createMessageHandler, type ZmqHandlers } from './message-handler.ts';
import type { Peer } from './peers.ts';
import { maxJsonBytes } from './read-request.ts';
import { type ClientSocketOptions, openClientSocket } from './router.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';

export interface ZmqDoorOptions extends Omit<ClientSocketOptions, 'maxFrameBytes' | 'linger'> {
  maxUploadBytes: number;
  /** Most bytes of replies queued for one client; by default two images, and at least 64 MiB. */
  maxWaitingBytes?: number;
}

/** Milliseconds that replies get to leave when the door closes. */
const lingerMs = 1000;

/** Milliseconds after the last reply in which requests are still refused: a REQ client without a reply waits for ever. */
const graceMs = 200;

/** Time to read a message: this many milliseconds, and its bytes at the slowest rate, that of HTTP uploads. */
const stalledMs = 30_000;
const slowestBytesPerSecond = 131_072;

/**
 * Binds the ZeroMQ door: a ROUTER that answers every message.
 * libzmq buffers at most `zmqConnections` × twice the largest image in base64 of requests.
 * @throws Error for an endpoint that cannot or must not be bound, and for wrong CURVE keys
 */
export async function bindZmqDoor(options: ZmqDoorOptions) {
  const { maxUploadBytes, maxWaitingBytes = Math.max(2 * maxUploadBytes, 64 * 2 ** 20), log } = options;
  // Twice the limit, so that an image somewhat over it is still answered.
  const maxFrameBytes = 2 * maxJsonBytes(maxUploadBytes);
  const socket = await openClientSocket({ ...options, maxFrameBytes, linger: lingerMs });
  let replies: SendQueue<Peer> | undefined;

  return {
    endpoint: socket.endpoint,
    /** Starts answering; clients may connect and send before. */
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
      const handle = createMessageHandler({ ...handlers, maxUploadBytes, maxWaitingBytes, replies: queue, log });
      socket
        .receive(handle, (peer) => queue.drop(peer, 'The client has gone'))
        .catch((error) => log.error({ err: error }, 'ZeroMQ door failed'));
    },
    /** Lets clients be refused for a moment and replies leave, then closes. */
    async close(): Promise<void> {
      if (socket.hasPeers()) await delay(graceMs);
      // Clients that do not read are not waited for.
      await Promise.race([replies?.idle(), delay(lingerMs, undefined, { ref: false })]);
      replies?.close();
      socket.close();
    },
  };
}
