import { setTimeout as delay } from 'node:timers/promises';
import type { ByteBudget } from '../limits/byte-budget.ts';

export interface SendQueueOptions<P> {
  /** Rejects with EAGAIN if the peer's buffers are full. */
  transmit(peer: P, frames: readonly Buffer[]): Promise<void>;
  budget: ByteBudget;
  /** Limit of queued bytes per peer. */
  maxBytes: number;
  /** Milliseconds that a message of this size may remain at the head of the queue. */
  stallTimeoutMs(bytes: number): number;
  /** Called after the messages of a peer were dropped for exceeding a limit. */
  onStalled(peer: P): void;
}

export type SendQueue<P extends object> = ReturnType<typeof createSendQueue<P>>;

export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError';
}

interface PeerQueue {
  messages: { frames: readonly Buffer[]; bytes: number; settle(error?: unknown): void }[];
  bytes: number;
  /** When the current head became the head, in `performance.now()` time. */
  since: number;
}

const notReading = 'The client does not read';

/** How long kernel buffers may still accept messages for a stalled peer. */
const buffersFullMs = 1000;

/** Smaller frames, such as errors, are not charged to the budget. */
const uncountedBytes = 4096;

/** Retries are polled: a ROUTER has no event for a single peer becoming writable. */
const retryMs = 20;

/**
 * Sends immediately if possible, or else queues and retries, bounded in bytes and time per peer. Peers do not block
 * each other.
 */
export function createSendQueue<P extends object>(options: SendQueueOptions<P>) {
  const { transmit, budget, maxBytes, stallTimeoutMs, onStalled } = options;
  const queues = new Map<P, PeerQueue>();
  const stalledAt = new WeakMap<P, number>();
  let timer: NodeJS.Timeout | undefined;

  function drop(peer: P, reason: string): void {
    const messages = queues.get(peer)?.messages.splice(0) ?? [];
    queues.delete(peer);
    for (const { settle } of messages) settle(new UndeliveredError(reason));
  }

  function stall(peer: P): void {
    stalledAt.set(peer, performance.now());
    drop(peer, notReading);
    onStalled(peer);
  }

  function enqueue(peer: P, frames: readonly Buffer[]): Promise<void> {
    const releases: (() => void)[] = [];
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown) => {
        for (const release of releases) release();
        if (error === undefined) resolve();
        else reject(error);
      };
      try {
        for (const frame of frames) if (frame.length > uncountedBytes) releases.push(budget.hold(frame));
      } catch (error) {
        settle(error);
        return;
      }
      const bytes = frames.reduce((sum, { length }) => sum + length, 0);
      const queue = queues.get(peer) ?? { messages: [], bytes: 0, since: performance.now() };
      queues.set(peer, queue);
      queue.messages.push({ frames, bytes, settle });
      queue.bytes += bytes;
      timer ??= setTimeout(retry, retryMs);
      if (queue.bytes > maxBytes) stall(peer);
    });
  }

  async function flush(peer: P, queue: PeerQueue): Promise<void> {
    const { messages } = queue;
    for (let first = messages[0]; first !== undefined; first = messages[0]) {
      const failure = await transmit(peer, first.frames).catch((error: unknown) => error);
      // The queue was dropped in the meantime.
      if (messages[0] !== first) return;
      if (isFull(failure)) {
        if (performance.now() - queue.since > stallTimeoutMs(first.bytes)) stall(peer);
        return;
      }
      messages.shift();
      queue.bytes -= first.bytes;
      queue.since = performance.now();
      first.settle(failure);
    }
    queues.delete(peer);
  }

  async function retry(): Promise<void> {
    await Promise.all([...queues].map(([peer, queue]) => flush(peer, queue)));
    timer = queues.size > 0 ? setTimeout(retry, retryMs) : undefined;
  }

  return {
    /**
     * Resolves once the message is handed to the socket.
     * @throws the error of the socket, such as EHOSTUNREACH if the peer has gone
     * @throws UndeliveredError if the peer's queue is dropped, or the peer is still stalled
     * @throws RequestError `overloaded` if the message must be queued but exceeds the budget
     */
    async send(peer: P, frames: readonly Buffer[]): Promise<void> {
      if (!queues.has(peer)) {
        try {
          await transmit(peer, frames);
          if (performance.now() - (stalledAt.get(peer) ?? 0) > buffersFullMs) stalledAt.delete(peer);
          return;
        } catch (error) {
          if (!isFull(error)) throw error;
          if (stalledAt.has(peer)) throw new UndeliveredError(notReading);
        }
      }
      return enqueue(peer, frames);
    },
    /** Bytes queued for a peer. */
    queuedBytes: (peer: P) => queues.get(peer)?.bytes ?? 0,
    /** Whether a peer was dropped for not reading, and has not read since. */
    isStalled: (peer: P) => stalledAt.has(peer),
    drop,
    async idle() {
      while (queues.size > 0) await delay(retryMs);
    },
    close() {
      clearTimeout(timer);
      for (const peer of [...queues.keys()]) drop(peer, 'The door is closed');
    },
  };
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EAGAIN';
}
