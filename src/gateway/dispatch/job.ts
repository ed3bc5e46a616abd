import type { Weight } from '../../contract/operations.ts';

/** Where a request came in; `internal` are the gateway's own, such as pings. */
export type Door = 'http' | 'zmq' | 'internal';

/** Milliseconds. */
export interface JobTimings {
  /** Waiting for a worker. */
  queue: number;
  /** With the worker. */
  work: number;
}

/** What can be to blame for a crash. */
export interface Subject {
  /** A stored image's id, or the bytes that came with the request. */
  image: string | Buffer;
  /** Its id. */
  watermark: string | undefined;
  /** Operation and canonical parameters: with the image, what is quarantined first. */
  work: string;
}

/** A request on its way to a worker. */
export interface Job {
  /** The request as the worker gets it: JSON, and an image where there is one. */
  frames: Buffer[];
  weight: Weight;
  door: Door;
  /** The image that is decoded for it, where there is one. */
  subject: Subject | undefined;
  requestId: string;
  /** When it has to be answered, on the clock of `performance.now()`. */
  deadline: number;
  /** Aborted when nobody waits for it any more. */
  signal: AbortSignal;
  timings: JobTimings;
}

/** A job in the dispatcher. */
export interface QueuedJob extends Job {
  arrivedAt: number;
  resolve(reply: Buffer[]): void;
  reject(error: unknown): void;
  settled: boolean;
  /** Workers lost with it. */
  losses: number;
  /** Whether a worker crashed with it: then it runs alone on one, so that no other job is blamed. */
  isSuspect: boolean;
  /** Whether the worker was killed because of its time. */
  overran: boolean;
}
