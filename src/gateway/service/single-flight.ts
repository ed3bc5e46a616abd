import { RequestError } from '../../contract/errors.ts';
import type { ResultKey } from '../cache/key.ts';
import { deadlinePassed } from '../dispatch/errors.ts';
import type { RequestContext } from './request-context.ts';
import { Timings } from './timings.ts';
import type { JobContext } from './worker-client.ts';

/** The leader of a single flight: the first caller's id, the latest deadline. */
export interface Leader extends JobContext {
  /** False once an image the result depends on has been deleted. */
  mayCache(): boolean;
}

/** Identity of shared work, and the stored images it depends on. */
export type FlightKey = Pick<ResultKey, 'text' | 'imageId'> & { watermarkIds: readonly string[] };

/** Deduplicates identical requests in flight; each keeps its own deadline. */
export interface SingleFlight {
  /**
   * Waits for the work under this key, starting it unless it is already running.
   * @throws the error of the work; RequestError `timeout` past the deadline of the context or once it is aborted
   */
  join<T>(key: FlightKey, context: RequestContext, work: (leader: Leader) => Promise<T>): Promise<T>;
  isRunning(text: string): boolean;
  /** Keeps the results of running work that depends on an image out of the caches. */
  invalidate(imageId: string): void;
  /** Keeps the results of all running work out of the caches. */
  invalidateAll(): void;
  /** Rejects every caller waiting for a result made from an image, or with it as watermark. */
  cancel(imageId: string, errorFor: (parameter: 'image_id' | 'watermark') => RequestError): void;
}

interface Waiter {
  context: RequestContext;
  resolve(value: never): void;
  reject(error: unknown): void;
}

interface Flight {
  text: string;
  key: FlightKey;
  waiters: Set<Waiter>;
  controller: AbortController;
  timings: Timings;
  isInvalid: boolean;
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Flight>();

  function finish(flight: Flight, settle: (waiter: Waiter) => void): void {
    if (flights.get(flight.text) === flight) flights.delete(flight.text);
    for (const waiter of [...flight.waiters]) settle(waiter);
  }

  async function run<T>(flight: Flight, work: (leader: Leader) => Promise<T>): Promise<void> {
    const [{ context }] = flight.waiters as unknown as [Waiter];
    const { requestId, door, hops } = context;
    const { signal } = flight.controller;
    const mayCache = () => !signal.aborted && !flight.isInvalid;
    const { timings } = flight;
    for (;;) {
      const deadline = Math.max(...[...flight.waiters].map((waiter) => waiter.context.deadline));
      try {
        const value = await work({ requestId, door, hops, deadline, signal, timings, mayCache });
        return finish(flight, (waiter) => waiter.resolve(value as never));
      } catch (error) {
        // A caller who joined later may have a later deadline than the one that has passed.
        const isLate = error instanceof RequestError && error.code === 'timeout';
        const hasTime = [...flight.waiters].some((waiter) => waiter.context.deadline > deadline);
        if (!isLate || !hasTime) return finish(flight, (waiter) => waiter.reject(error));
      }
    }
  }

  return {
    join(key, context, work) {
      return new Promise((resolve, reject) => {
        // A request routed back here by an upstream must not wait for itself.
        const text = context.hops === 0 ? key.text : `${key.text} after ${context.hops}`;
        const running = flights.get(text);
        const flight: Flight = running ?? {
          text,
          key,
          waiters: new Set(),
          controller: new AbortController(),
          timings: new Timings(),
          isInvalid: false,
        };
        const settleWith = (settle: (outcome: never) => void) => (outcome: unknown) => {
          clearTimeout(timer);
          context.signal.removeEventListener('abort', giveUp);
          flight.waiters.delete(waiter);
          context.timings.join(flight.timings);
          settle(outcome as never);
        };
        const waiter: Waiter = { context, resolve: settleWith(resolve), reject: settleWith(reject) };
        const giveUp = () => {
          waiter.reject(deadlinePassed());
          if (flight.waiters.size > 0) return;
          finish(flight, () => {});
          flight.controller.abort();
        };
        const timer = setTimeout(giveUp, context.deadline - performance.now());
        context.signal.addEventListener('abort', giveUp);
        flight.waiters.add(waiter);
        if (context.signal.aborted) return giveUp();
        if (running !== undefined) return;
        flights.set(text, flight);
        void run(flight, work);
      });
    },
    isRunning: (text) => flights.has(text),
    invalidate(imageId) {
      for (const flight of flights.values()) {
        const { key } = flight;
        if (key.imageId === imageId || key.watermarkIds.includes(imageId)) flight.isInvalid = true;
      }
    },
    invalidateAll() {
      for (const flight of flights.values()) flight.isInvalid = true;
    },
    cancel(imageId, errorFor) {
      for (const flight of [...flights.values()]) {
        const isSource = flight.key.imageId === imageId;
        if (!isSource && !flight.key.watermarkIds.includes(imageId)) continue;
        const error = errorFor(isSource ? 'image_id' : 'watermark');
        finish(flight, (waiter) => waiter.reject(error));
        flight.controller.abort();
      }
    },
  };
}
