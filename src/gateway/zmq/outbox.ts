import type { Router } from 'zeromq';
import type { Budget } from '../budget.ts';

/** Sends replies; one for a client that does not read at the moment waits for it. */
export interface Outbox {
  /**
   * Sends a reply, or keeps it until its client reads on.
   * @throws where the client has gone, and where it does not read on in time
   */
  send(frames: Buffer[]): Promise<void>;
}

/** How often a client that does not read is tried again, in milliseconds: ZeroMQ does not tell when it reads on. */
const retryMs = 10;

/**
 * @param patienceMs milliseconds that a client has to read on
 */
export function createOutbox(router: Router, budget: Budget, patienceMs: number): Outbox {
  /** The last reply that waits for each client: the next one has to go out after it. */
  const waiting = new Map<string, Promise<void>>();

  async function sendLater(frames: Buffer[], before: Promise<void> | undefined): Promise<void> {
    const release = budget.charge(frames.reduce((sum, frame) => sum + frame.length, 0));
    const givenUp = performance.now() + patienceMs;
    try {
      await before?.catch(() => {});
      for (;;) {
        try {
          return await router.send(frames);
        } catch (error) {
          if (!isFull(error) || router.closed || performance.now() > givenUp) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    } finally {
      release();
    }
  }

  return {
    async send(frames) {
      const client = (frames[0] as Buffer).toString('latin1');
      const before = waiting.get(client);
      if (before === undefined) {
        try {
          return await router.send(frames);
        } catch (error) {
          if (!isFull(error)) throw error;
        }
      }
      const sent = sendLater(frames, waiting.get(client));
      waiting.set(client, sent);
      try {
        await sent;
      } finally {
        if (waiting.get(client) === sent) waiting.delete(client);
      }
    },
  };
}

/** With `mandatory` and a `sendTimeout` of 0, EAGAIN means that the client's queue is full; one that has gone is EHOSTUNREACH. */
function isFull(error: unknown): boolean {
  return (error as { code?: string }).code === 'EAGAIN';
}
