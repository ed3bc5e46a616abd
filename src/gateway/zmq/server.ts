import { setTimeout as delay } from 'node:timers/promises';
import { createMessageHandler, type ZmqHandlers } from './message-handler.ts';
import type { Peer } from './peers.ts';
import { maxJsonBytes } from './read-request.ts';
import { type ClientSocketOptions, openClientSocket } from './router.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';

export interface ZmqDoorOptions extends Omit<ClientSocketOptions, 'maxFrameBytes' | 'linger'> {
  maxUploadBytes: number;
  /** Queued reply bytes per client; default: two images, at least 64 MiB. */
  maxQueuedBytes?: number;
}

/** Time for the last replies to be sent. */
const lingerMs = 1000;

/** How long requests are still answered with a refusal before closing: an unanswered REQ client waits forever. */
const graceMs = 200;

/** Time to read a message, plus its size at a quarter of the rate of a weak mobile connection. */
const stalledMs = 30_000;
const slowestBytesPerSecond = 131_072;

/**
 * Binds the ZeroMQ door: a ROUTER that answers every message. libzmq buffers up to `zmqConnections` × twice the largest
 * base64 image.
 * @throws Error if the endpoint cannot or must not be bound, or CURVE keys are invalid
 */
export async function bindZmqDoor(options: ZmqDoorOptions) {
  const { maxUploadBytes, maxQueuedBytes = Math.max(2 * maxUploadBytes, 64 * 2 ** 20), log } = options;
  // Twice the limit: an image slightly too large still gets an answer, instead of a disconnect.
  const maxFrameBytes = 2 * maxJsonBytes(maxUploadBytes);
  const socket = await openClientSocket({ ...options, maxFrameBytes, linger: lingerMs });
  let replies: SendQueue<Peer> | undefined;
  let unread = 0;

  return {
    endpoint: socket.endpoint,
    /** Open connections; in total, refused connections and requests refused because replies were not read. */
    stats: () => ({ ...socket.stats(), unread }),
    /** Starts answering; requests that clients sent before are queued. */
    serve(handlers: ZmqHandlers): void {
      const queue = createSendQueue<Peer>({
        transmit: socket.send,
        budget: handlers.budget,
        maxBytes: maxQueuedBytes,
        stallTimeoutMs: (bytes) => stalledMs + (bytes / slowestBytesPerSecond) * 1000,
        onStalled(peer) {
          log.warn({ peer: peer.client.address, reason: 'replies are not read' }, 'peer cut off');
          for (const context of peer.openRequests) context.abort();
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
        maxQueuedBytes,
        replies: queue,
        onUnread,
        log,
      });
      socket
        .receive(handle, (peer) => queue.drop(peer, 'The client has gone'))
        .catch((error) => log.error({ err: error }, 'ZeroMQ door failed'));
    },
    /** Refuses requests for a moment, then waits for replies to be sent. */
    async close(): Promise<void> {
      if (socket.hasPeers()) await delay(graceMs);
      // Bounded: clients that do not read are not waited for.
      await Promise.race([replies?.idle(), delay(lingerMs, undefined, { ref: false })]);
      replies?.close();
      socket.close();
    },
  };
}
