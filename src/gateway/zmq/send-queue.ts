import { setTimeout as delay } from 'node:timers/promises';
import type { ByteBudget } from '../limits/byte-budget.ts';

export interface SendQueueOptions<P> {
  /** Rejects with EAGAIN if the peer takes no more. */
  transmit(peer: P, frames: readonly Buffer[]): Promise<void>;
  budget: ByteBudget;
  /** Per peer. */
  maxBytes: number;
  /** Milliseconds that a message may head the queue. */
  patienceMs(bytes: number): number;
  /** After a peer over a limit was dropped. */
  onStalled(peer: P): void;
}

export type SendQueue<P extends object> = ReturnType<typeof createSendQueue<P>>;

export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError';
}

interface PeerQueue {
  messages: { frames: readonly Buffer[]; bytes: number; settle(error?: unknown): void }[];
  bytes: number;
  /** `performance.now()` when the first message became first. */
  since: number;
}

const notReading = 'The client does not read';

/** Kernel buffers still accept messages for a stalled peer that long. */
const buffersFullMs = 1000;

/** Smaller frames, such as errors, do not count in the budget. */
const uncountedBytes = 4096;

/** Polled: a ROUTER has no event for one writable peer. */
const retryMs = 20;

/** Sends at once if possible, else retries, within bytes and time per peer. Peers do not wait for each other. */
export function createSendQueue<P extends object>(options: SendQueueOptions<P>) {
  const { transmit, budget, maxBytes, patienceMs, onStalled } = options;
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
      // Dropped meanwhile.
      if (messages[0] !== first) return;
      if (isFull(failure)) {
        if (performance.now() - queue.since > patienceMs(first.bytes)) stall(peer);
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
     * @throws UndeliveredError if the peer is dropped, or stalled and takes nothing
     * @throws RequestError `overloaded` if the message must wait and exceeds the budget
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
    /** Bytes. */
    waiting: (peer: P) => queues.get(peer)?.bytes ?? 0,
    /** Dropped for not reading, and still not reading. */
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
