import type { ErrorCode, RequestError } from '../../contract/errors.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { Stage } from '../../contract/stages.ts';
import { type Permission, unrestricted } from '../access/permission.ts';
import type { Door } from '../dispatch/job.ts';
import { Timings } from './timings.ts';

export interface Client {
  /** IP address of the connection; none for ipc and for the gateway itself. */
  address?: string | undefined;
  /** Of its key. */
  name?: string;
}

/** What became of a request; `aborted` if its client did not wait for the answer. */
export type Outcome = 'success' | 'aborted' | ErrorCode;

export interface OpenOptions {
  /** Echoed in the reply and written to every log line of the request. */
  requestId: string;
  door: Door;
  client: Client;
  /** The client's own limit in milliseconds; the server's holds where it is lower. */
  timeoutMs?: number | undefined;
  trace?: TraceParent | undefined;
  /** Gateways that it has passed; default: none. */
  hops?: number | undefined;
}

/** The trace that a request belongs to (W3C Trace Context), unchecked. */
export interface TraceParent {
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

/** All requests of clients that are not answered yet, over both doors. */
export interface OpenRequests {
  readonly size: number;
  open(options: OpenOptions): RequestContext;
  /** Resolves when there is none. */
  idle(): Promise<void>;
}

/**
 * @param timeoutMs longest time that a request may take after it has arrived, in milliseconds
 * @param onEnd told of each request of a client once its answer is out
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
      // The limit is for clients, and the shutdown does not wait for the gateway's own.
      if (options.door === 'internal') return new RequestContext(options, ownMs, () => {});
      const limitMs = Math.min(ownMs, timeoutMs);
      size += 1;
      return new RequestContext(options, limitMs, onClose);
    },
    idle: () => new Promise((resolve) => (size === 0 ? resolve() : idleWaiters.push(resolve))),
  };
}

/** What the service knows of a request beside the request itself. Closures would take twice the time of a class. */
export class RequestContext {
  readonly requestId: string;
  readonly door: Door;
  readonly client: Client;
  readonly trace: TraceParent | undefined;
  readonly hops: number;
  readonly timings = new Timings();
  permission: Permission = unrestricted;
  /** On the clock of `performance.now()`, as all times here. */
  readonly openedAt = performance.now();
  /** When the whole request had arrived. */
  arrivedAt = this.openedAt;
  /** When the answer began to leave. */
  answeredAt = 0;
  /** When the answer was out, or its client lost. */
  endedAt = 0;
  /** Undefined where it is none of the contract. */
  operation: OperationName | undefined;
  outcome: Outcome = 'success';
  /** Of HTTP; `route` is a pattern. */
  http: { method: string; url: string; route: string | undefined; status: number | undefined } | undefined;
  /** Whether the client has gone, or was cut off. */
  isAborted = false;
  readonly #limitMs: number;
  readonly #onClose: (context: RequestContext) => void;
  #isOpen = true;
  /** Lazy: a request that is answered from memory needs none. */
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

  /** When it has to be answered. */
  get deadline(): number {
    return this.arrivedAt + this.#limitMs;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Restarts the deadline, once the body has arrived. */
  bodyArrived(): void {
    this.arrivedAt = performance.now();
  }

  /** Notes the error that it is answered with. */
  fail({ code, stage }: RequestError): void {
    this.outcome = code;
    if (stage !== undefined) this.timings.stage = stage;
  }

  /** Milliseconds, once it has ended. */
  get duration(): number {
    return this.endedAt - this.openedAt;
  }

  /** Where it failed. */
  get failedStage(): Stage | undefined {
    return this.outcome === 'success' ? undefined : this.timings.stage;
  }

  abort(): void {
    this.isAborted = true;
    this.#controller?.abort();
  }

  /** Notes that the request was answered, or needs no answer; further calls do nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.endedAt === 0) this.endedAt = performance.now();
    this.#onClose(this);
  }
}
