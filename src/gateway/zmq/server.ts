import { setTimeout as delay } from 'node:timers/promises';
import { createMessageHandler, type ZmqHandlers } from './message-handler.ts';
import type { Peer } from './peers.ts';
import { maxJsonBytes } from './read-request.ts';
import { type ClientSocketOptions, openClientSocket } from './router.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';

/** The ZeroMQ door: a ROUTER to its clients, which answers every message. */
export interface ZmqDoor {
  /** Where it really listens. */
  readonly endpoint: string;
  /** Starts answering; clients may connect and send before. */
  serve(handlers: ZmqHandlers): void;
  /** Refuses what still comes in for a moment, lets the replies leave, and closes. */
  close(): Promise<void>;
}

export interface ZmqDoorOptions extends Omit<ClientSocketOptions, 'maxFrameBytes' | 'linger'> {
  /** Largest image that is taken, in bytes. */
  maxUploadBytes: number;
  /** Most bytes of replies that wait for one client; by default two images, and at least 64 MiB. */
  maxWaitingBytes?: number;
}

/** Milliseconds that replies get to leave when the door closes. */
const lingerMs = 1000;

/**
 * Milliseconds that clients get, after the last reply, to send another request and be told that the server ends:
 * a REQ client without a reply waits for ever.
 */
const graceMs = 200;

const minWaitingBytes = 64 * 2 ** 20;

/** Time that a client has for a message: this many milliseconds, and as many bytes a second as with uploads over HTTP. */
const stalledMs = 30_000;
const slowestBytesPerSecond = 131_072;

/**
 * Checks and binds the endpoint.
 * What libzmq itself holds of requests is at most `zmqConnections` × twice the largest image in base64.
 * @throws Error for an endpoint that cannot or must not be bound, and for wrong CURVE keys
 */
export async function bindZmqDoor(options: ZmqDoorOptions): Promise<ZmqDoor> {
  const { maxUploadBytes, maxWaitingBytes = Math.max(2 * maxUploadBytes, minWaitingBytes), log } = options;
  const socket = await openClientSocket({
    ...options,
    // Twice what is taken, so that what is somewhat too large still gets its answer.
    maxFrameBytes: 2 * maxJsonBytes(maxUploadBytes),
    linger: lingerMs,
  });
  let queue: SendQueue<Peer> | undefined;

  function serve(handlers: ZmqHandlers): void {
    const replies = createSendQueue<Peer>({
      transmit: socket.send,
      budget: handlers.budget,
      maxBytes: maxWaitingBytes,
      patienceMs: (bytes) => stalledMs + (bytes / slowestBytesPerSecond) * 1000,
      onStalled(peer) {
        log.warn({ peer: peer.client.address, reason: 'replies that are not read' }, 'peer cut off');
        for (const context of peer.open) context.abort();
      },
    });
    queue = replies;

    const handle = createMessageHandler({
      ...handlers,
      maxUploadBytes,
      maxWaitingBytes,
      replies,
      log,
    });
    socket
      .receive(handle, (peer) => replies.drop(peer, 'The client has gone'))
      .catch((error) => log.error({ err: error }, 'ZeroMQ door failed'));
  }

  return {
    endpoint: socket.endpoint,
    serve,
    async close() {
      if (socket.peers > 0) await delay(graceMs);
      // What is not sent by then waits for clients that do not read.
      if (queue) await Promise.race([queue.idle(), delay(lingerMs, undefined, { ref: false })]);
      queue?.close();
      socket.close();
    },
  };
}
