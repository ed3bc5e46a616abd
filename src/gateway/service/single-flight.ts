import { RequestError } from '../../contract/errors.ts';
import type { Door } from '../dispatch/dispatcher.ts';
import { timedOut } from '../errors.ts';
import { addTimes, noTimes, type Times } from '../times.ts';
import type { ResultKey } from './result.ts';

/** Whoever waits for an answer. */
export interface Caller {
  requestId: string | undefined;
  door: Door;
  /** When it has to be answered, on the clock of `performance.now()`. */
  deadline: number;
  /** Aborted when it has gone. */
  signal?: AbortSignal;
  /** Gets the time that the work waited and took, where it is done in this caller's name. */
  times?: Times;
}

/** In whose name the work is done: that of the caller who came first, as long as the most patient one waits. */
export interface Lead extends Caller {
  /** Aborted when nobody waits any more: what comes out is of no use then. */
  signal: AbortSignal;
  times: Times;
  /** Whether what comes out may be kept. */
  mayKeep(): boolean;
}

/** Equal requests that are under way at the same time share one answer; each keeps its own deadline. */
export interface Flights {
  /**
   * Waits for the work under this key, which is begun where it is not under way.
   * @throws RequestError what the work threw, or `timeout`
   */
  join<T>(key: ResultKey, caller: Caller, work: (lead: Lead) => Promise<T>): Promise<T>;
  /** Whether there is work under this key that could be waited for. */
  isUnderWay(key: ResultKey): boolean;
  /** Has nothing be kept of what is under way for an image. */
  spoil(imageId: string): void;
  /** Answers all who wait for something made from an image. */
  cancel(imageId: string, error: RequestError): void;
}

interface Waiter extends Caller {
  resolve(value: never): void;
  reject(error: unknown): void;
}

interface Flight {
  imageId: string;
  waiters: Set<Waiter>;
  controller: AbortController;
  spoilt: boolean;
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();

  function end(text: string, flight: Flight, settle: (waiter: Waiter) => void): void {
    if (flights.get(text) === flight) flights.delete(text);
    for (const waiter of [...flight.waiters]) settle(waiter);
  }

  /** Ends a flight whose work is of no use to anyone any more. */
  function abandon(text: string, flight: Flight, settle: (waiter: Waiter) => void): void {
    end(text, flight, settle);
    flight.controller.abort();
  }

  async function fly<T>(text: string, flight: Flight, work: (lead: Lead) => Promise<T>): Promise<void> {
    const [{ requestId, door }] = flight.waiters as unknown as [Waiter];
    const { signal } = flight.controller;
    const mayKeep = () => !signal.aborted && !flight.spoilt;
    // All who wait have waited for the same.
    const times = noTimes();
    for (;;) {
      const deadline = Math.max(...[...flight.waiters].map((waiter) => waiter.deadline));
      try {
        const value = await work({ requestId, door, deadline, signal, times, mayKeep });
        return end(text, flight, (waiter) => {
          addTimes(waiter.times, times);
          waiter.resolve(value as never);
        });
      } catch (error) {
        // Who joined later may wait longer than the one whose deadline has passed now.
        const isLate = error instanceof RequestError && error.code === 'timeout';
        const patient = [...flight.waiters].some((waiter) => waiter.deadline > deadline);
        if (!isLate || !patient) return end(text, flight, (waiter) => waiter.reject(error));
      }
    }
  }

  return {
    join(key, caller, work) {
      return new Promise((resolve, reject) => {
        const known = flights.get(key.text);
        const flight: Flight = known ?? createFlight(key.imageId);
        const leave = () => {
          clearTimeout(timer);
          caller.signal?.removeEventListener('abort', giveUp);
          flight.waiters.delete(waiter);
        };
        const waiter: Waiter = {
          ...caller,
          resolve(value) {
            leave();
            resolve(value);
          },
          reject(error) {
            leave();
            reject(error);
          },
        };
        const giveUp = () => {
          waiter.reject(timedOut());
          if (flight.waiters.size === 0) abandon(key.text, flight, () => {});
        };
        const timer = setTimeout(giveUp, caller.deadline - performance.now());
        caller.signal?.addEventListener('abort', giveUp);
        flight.waiters.add(waiter);
        if (caller.signal?.aborted) return giveUp();
        if (known !== undefined) return;
        flights.set(key.text, flight);
        void fly(key.text, flight, work);
      });
    },
    isUnderWay: (key) => flights.has(key.text),
    spoil(imageId) {
      for (const flight of flights.values()) if (flight.imageId === imageId) flight.spoilt = true;
    },
    cancel(imageId, error) {
      for (const [text, flight] of flights) {
        if (flight.imageId === imageId) abandon(text, flight, (waiter) => waiter.reject(error));
      }
    },
  };
}

function createFlight(imageId: string): Flight {
  return { imageId, waiters: new Set(), controller: new AbortController(), spoilt: false };
}
