import type { ByteBudget } from '../limits/byte-budget.ts';

/** Sends messages to peers, each at its own pace: none waits for another. */
export interface SendQueue<P extends object> {
  /**
   * Sends a message, after those that wait for the same peer.
   * @throws UndeliveredError where the peer is dropped before the message has left, or takes nothing while it is stalled
   * @throws RequestError `overloaded` where the message would have to wait and the budget has no room
   */
  send(peer: P, frames: readonly Buffer[]): Promise<void>;
  /** Bytes that wait for a peer. */
  waiting(peer: P): number;
  /** Whether a peer was dropped for not reading, and has not read since. */
  isStalled(peer: P): boolean;
  /** Fails what waits for a peer. */
  drop(peer: P, reason: string): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  /** Fails all that waits. */
  close(): void;
}

export interface SendQueueOptions<P> {
  /** Hands a message to the socket; rejects with the code EAGAIN where the peer takes no more at the moment. */
  transmit(peer: P, frames: readonly Buffer[]): Promise<void>;
  budget: ByteBudget;
  /** Most bytes that wait for one peer. */
  maxBytes: number;
  /** Milliseconds that a message of so many bytes may wait once it is the next. */
  patienceMs(bytes: number): number;
  /** Called for a peer that is over one of these limits, after what waited for it has failed. */
  onStalled(peer: P): void;
}

export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError';
}

interface Waiting {
  frames: readonly Buffer[];
  bytes: number;
  settle(error?: unknown): void;
}

interface PeerQueue {
  messages: Waiting[];
  bytes: number;
  /** When the first message became the next, on the clock of `performance.now()`. */
  since: number;
}

const notReading = 'The client does not read';

/** A peer that does not read may still take messages for so long, into the buffers of the kernel, in milliseconds. */
const buffersFullMs = 1000;

/** Frames up to this size, such as errors, wait without the budget. */
const uncountedBytes = 4096;

/** A ROUTER has no event for one peer that takes messages again, so it is tried, in milliseconds. */
const retryMs = 20;

export function createSendQueue<P extends object>(options: SendQueueOptions<P>): SendQueue<P> {
  const { transmit, budget, maxBytes, patienceMs, onStalled } = options;
  const queues = new Map<P, PeerQueue>();
  const stalledAt = new WeakMap<P, number>();
  const idleWaiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  function drop(peer: P, reason: string): void {
    const messages = queues.get(peer)?.messages ?? [];
    queues.delete(peer);
    for (const { settle } of messages) settle(new UndeliveredError(reason));
    if (queues.size > 0) return;
    for (const resolve of idleWaiters.splice(0)) resolve();
  }

  function stall(peer: P): void {
    stalledAt.set(peer, performance.now());
    drop(peer, notReading);
    onStalled(peer);
  }

  function enqueue(peer: P, frames: readonly Buffer[]): Promise<void> {
    const releases: (() => void)[] = [];
    const release = () => {
      for (const one of releases) one();
    };
    try {
      for (const frame of frames) if (frame.length > uncountedBytes) releases.push(budget.hold(frame));
    } catch (error) {
      release();
      throw error;
    }
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    const queue = queues.get(peer) ?? { messages: [], bytes: 0, since: performance.now() };
    queues.set(peer, queue);
    queue.bytes += bytes;
    const delivered = new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown) => {
        release();
        if (error === undefined) resolve();
        else reject(error);
      };
      queue.messages.push({ frames, bytes, settle });
    });
    timer ??= setTimeout(retry, retryMs);
    if (queue.bytes > maxBytes) stall(peer);
    return delivered;
  }

  async function flush(peer: P, queue: PeerQueue): Promise<void> {
    for (let next = queue.messages[0]; next !== undefined && queues.get(peer) === queue; next = queue.messages[0]) {
      let failure: unknown;
      try {
        await transmit(peer, next.frames);
      } catch (error) {
        if (isFull(error)) {
          if (performance.now() - queue.since > patienceMs(next.bytes) && queues.get(peer) === queue) stall(peer);
          return;
        }
        failure = error;
      }
      // What was dropped meanwhile is settled.
      if (queues.get(peer) !== queue) return;
      queue.messages.shift();
      queue.bytes -= next.bytes;
      queue.since = performance.now();
      next.settle(failure);
    }
    if (queues.get(peer) === queue) drop(peer, '');
  }

  async function retry(): Promise<void> {
    await Promise.all([...queues].map(([peer, queue]) => flush(peer, queue)));
    timer = queues.size > 0 ? setTimeout(retry, retryMs) : undefined;
  }

  return {
    async send(peer, frames) {
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
    waiting: (peer) => queues.get(peer)?.bytes ?? 0,
    isStalled: (peer) => stalledAt.has(peer),
    drop,
    idle() {
      return new Promise((resolve) => {
        if (queues.size === 0) resolve();
        else idleWaiters.push(resolve);
      });
    },
    close() {
      clearTimeout(timer);
      for (const peer of [...queues.keys()]) drop(peer, 'The door is closed');
    },
  };
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}
