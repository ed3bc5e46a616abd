import type { Weight } from '../../contract/operations.ts';
import type { Door } from '../service/request-context.ts';
import type { Timings } from '../service/timings.ts';

/** What a job works on, as far as it can be to blame for a crash. */
export interface Subject {
  /** A stored image's id, or the bytes that came with the request. */
  image: string | Buffer;
  /** The id of a watermark. */
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
  timings: Timings;
}
