import type { Weight } from '../../contract/operations.ts';

/** Where a request came in; `internal` is for the gateway's own, such as pings. */
export type Door = 'http' | 'zmq' | 'internal';

/** Records the stages a job passes through, in `performance.now()` time. */
export interface JobTimings {
  enter(stage: 'queue' | 'lane', at: number): void;
  /** Ends the current stage; a failed one remains current. */
  leave(at: number, failed: boolean): void;
}

/** What a crash can be blamed on. */
export interface Subject {
  /** Id of a stored image, or the bytes sent with the request. */
  image: string | Buffer;
  watermark: string | undefined;
  /** Operation and canonical parameters: together with the image, the first thing to be quarantined. */
  work: string;
}

export interface Job {
  /** The request as sent to the worker: JSON, and the image if there is one. */
  frames: Buffer[];
  weight: Weight;
  door: Door;
  subject: Subject | undefined;
  requestId: string;
  /** Absolute, in `performance.now()` time. */
  deadline: number;
  /** Aborted once no caller is waiting any more. */
  signal: AbortSignal;
  timings: JobTimings;
}

export interface QueuedJob extends Job {
  resolve(reply: Buffer[]): void;
  reject(error: unknown): void;
  settled: boolean;
  /** Workers lost while running it, except those that the gateway killed for a reason other than this job. */
  losses: number;
  /** Whether it may have crashed a worker, and runs alone on one. */
  isSuspect: boolean;
  /** Exceeded the time a worker may spend on one job. */
  overran: boolean;
}
