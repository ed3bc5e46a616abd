import type { Weight } from '../../contract/operations.ts';

/** Where a request came in; `internal` are the gateway's own, such as pings. */
export type Door = 'http' | 'zmq' | 'internal';

/** Told where a job is; times are those of `performance.now()`. */
export interface JobTimings {
  enter(stage: 'queue' | 'lane', at: number): void;
  /** Ends the last stage; one that failed stays the current one. */
  leave(at: number, failed: boolean): void;
}

/** What can be to blame for a crash. */
export interface Subject {
  /** A stored image's id, or the bytes that came with the request. */
  image: string | Buffer;
  watermark: string | undefined;
  /** Operation and canonical parameters: with the image, what is quarantined first. */
  work: string;
}

export interface Job {
  /** The request as the worker gets it: JSON, and an image where there is one. */
  frames: Buffer[];
  weight: Weight;
  door: Door;
  subject: Subject | undefined;
  requestId: string;
  /** When it has to be answered, on the clock of `performance.now()`. */
  deadline: number;
  /** Aborted when nobody waits for it any more. */
  signal: AbortSignal;
  timings: JobTimings;
}

export interface QueuedJob extends Job {
  resolve(reply: Buffer[]): void;
  reject(error: unknown): void;
  settled: boolean;
  losses: number;
  /** Whether a worker crashed with it: then it runs alone on one, so that no other job is blamed. */
  isSuspect: boolean;
  overran: boolean;
}
