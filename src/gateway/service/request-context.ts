import type { ErrorCode, RequestError } from '../../contract/errors.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { Stage } from '../../contract/stages.ts';
import { type Permission, unrestricted } from '../access/permission.ts';
import type { Door } from '../dispatch/job.ts';
import { Timings } from './timings.ts';

export interface Client {
  /** IP address of the connection; undefined for ipc and for the gateway itself. */
  address?: string | undefined;
  /** Name of its key. */
  name?: string;
}

/** How a request ended; `aborted` if its client did not wait for the answer. */
export type Outcome = 'success' | 'aborted' | ErrorCode;

export interface OpenOptions {
  /** Echoed in the reply and in every log line of the request. */
  requestId: string;
  door: Door;
  client: Client;
  /** Time limit of the client, in milliseconds; capped by the server's. */
  timeoutMs?: number | undefined;
  trace?: TraceParent | undefined;
  /** Gateways it has passed through; default 0. */
  hops?: number | undefined;
}

/** The trace a request belongs to (W3C Trace Context), not validated. */
export interface TraceParent {
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

/** Unanswered client requests of both doors. */
export interface OpenRequests {
  readonly size: number;
  open(options: OpenOptions): RequestContext;
  /** Resolves once there are none. */
  idle(): Promise<void>;
}

/**
 * Tracks open requests, and creates their contexts.
 * @param timeoutMs maximum time from arrival to answer, in milliseconds
 * @param onEnd called for each client request once it has been answered
 */
export function createOpenRequests(
  timeoutMs: number,
  onEnd: (context: RequestContext) => void = () => {},
): OpenRequests {
  let size = 0;
  let idleWaiters: (() => void)[] = [];

  function onClose(context: RequestContext): void {
    onEnd(context);
    size -= 1;
    if (size > 0) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters = [];
  }

  return {
    get size() {
      return size;
    },
    open(options) {
      const ownMs = options.timeoutMs ?? timeoutMs;
      // Requests of the gateway itself are not capped, and do not hold up the shutdown.
      if (options.door === 'internal') return new RequestContext(options, ownMs, () => {});
      const limitMs = Math.min(ownMs, timeoutMs);
      size += 1;
      return new RequestContext(options, limitMs, onClose);
    },
    idle: () => new Promise((resolve) => (size === 0 ? resolve() : idleWaiters.push(resolve))),
  };
}

/** State of a request: identity, deadline, timings, outcome. A class, since closures take twice the time. */
export class RequestContext {
  readonly requestId: string;
  readonly door: Door;
  readonly client: Client;
  readonly trace: TraceParent | undefined;
  readonly hops: number;
  readonly timings = new Timings();
  permission: Permission = unrestricted;
  /** In `performance.now()` time, like all times here. */
  readonly openedAt = performance.now();
  /** When the request had arrived completely. */
  arrivedAt = this.openedAt;
  /** When the answer began to be sent. */
  answeredAt = 0;
  /** When the answer had been sent, or its client was lost. */
  endedAt = 0;
  /** Undefined if it is not an operation of the contract. */
  operation: OperationName | undefined;
  outcome: Outcome = 'success';
  /** For HTTP requests; `route` is the pattern. */
  http: { method: string; url: string; route: string | undefined; status: number | undefined } | undefined;
  /** Whether the client has gone, or was cut off. */
  isAborted = false;
  readonly #limitMs: number;
  readonly #onClose: (context: RequestContext) => void;
  #isOpen = true;
  /** Created lazily: a request answered from memory needs none. */
  #controller: AbortController | undefined;

  constructor(
    { requestId, door, client, trace, hops = 0 }: OpenOptions,
    limitMs: number,
    onClose: (context: RequestContext) => void,
  ) {
    this.requestId = requestId;
    this.door = door;
    this.client = client;
    this.trace = trace;
    this.hops = hops;
    this.#limitMs = limitMs;
    this.#onClose = onClose;
  }

  /** Absolute, in `performance.now()` time. */
  get deadline(): number {
    return this.arrivedAt + this.#limitMs;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Restarts the deadline once the body has arrived. */
  bodyArrived(): void {
    this.arrivedAt = performance.now();
  }

  /** Records the error it is answered with. */
  fail({ code, stage }: RequestError): void {
    this.outcome = code;
    if (stage !== undefined) this.timings.stage = stage;
  }

  /** Milliseconds; valid once it has ended. */
  get duration(): number {
    return this.endedAt - this.openedAt;
  }

  /** Stage in which it failed. */
  get failedStage(): Stage | undefined {
    return this.outcome === 'success' ? undefined : this.timings.stage;
  }

  abort(): void {
    this.isAborted = true;
    this.#controller?.abort();
  }

  /** Marks the request as answered, or as needing no answer. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.endedAt === 0) this.endedAt = performance.now();
    this.#onClose(this);
  }
}
