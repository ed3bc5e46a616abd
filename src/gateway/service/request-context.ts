import type { Door } from '../dispatch/job.ts';
import { createTimings, type Timings } from './timings.ts';

/** Who is asking. */
export interface Client {
  /** IP address of the connection; none for ipc and for the gateway itself. */
  address?: string | undefined;
}

/** What the service knows of a request beside the request itself, the same for both doors. */
export interface RequestContext {
  /** Echoed in the reply and written to every log line of the request. */
  readonly requestId: string;
  readonly door: Door;
  readonly client: Client;
  /** When the whole request had arrived, on the clock of `performance.now()`. */
  readonly arrivedAt: number;
  /** When it has to be answered, on the same clock. */
  readonly deadline: number;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly timings: Timings;
  /** Whether the client has gone, or was cut off. */
  readonly isAborted: boolean;
  /** Restarts the deadline, once the body has arrived. */
  bodyArrived(): void;
  /** Notes that the client has gone. */
  abort(): void;
  /** Notes that the request was answered, or needs no answer any more; further calls do nothing. */
  close(): void;
}

export interface OpenOptions {
  requestId: string;
  door: Door;
  client: Client;
  /** The client's own limit in milliseconds; the server's holds where it is lower. */
  timeoutMs?: number | undefined;
}

/** All requests that are not answered yet, over both doors. */
export interface OpenRequests {
  open(options: OpenOptions): RequestContext;
  readonly size: number;
  /** Resolves when there is none. */
  idle(): Promise<void>;
}

/** @param timeoutMs longest time that a request may take after it has arrived, in milliseconds */
export function createOpenRequests(timeoutMs: number): OpenRequests {
  let size = 0;
  let idleWaiters: (() => void)[] = [];

  function onClose(): void {
    size -= 1;
    if (size > 0) return;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  return {
    open(options) {
      size += 1;
      return new OpenContext(options, Math.min(options.timeoutMs ?? timeoutMs, timeoutMs), onClose);
    },
    get size() {
      return size;
    },
    idle() {
      return new Promise((resolve) => {
        if (size === 0) resolve();
        else idleWaiters.push(resolve);
      });
    },
  };
}

/** A class, as one is made for every request: closures would take twice the time. */
class OpenContext implements RequestContext {
  readonly requestId: string;
  readonly door: Door;
  readonly client: Client;
  readonly timings = createTimings();
  arrivedAt = performance.now();
  readonly #limitMs: number;
  readonly #onClose: () => void;
  #isOpen = true;
  isAborted = false;
  /** Made when it is asked for: a request that is answered from memory needs none. */
  #controller: AbortController | undefined;

  constructor({ requestId, door, client }: OpenOptions, limitMs: number, onClose: () => void) {
    this.requestId = requestId;
    this.door = door;
    this.client = client;
    this.#limitMs = limitMs;
    this.#onClose = onClose;
  }

  get deadline(): number {
    return this.arrivedAt + this.#limitMs;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  bodyArrived(): void {
    this.arrivedAt = performance.now();
  }

  abort(): void {
    this.isAborted = true;
    this.#controller?.abort();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose();
  }
}
