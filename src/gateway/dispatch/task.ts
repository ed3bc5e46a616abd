import { RequestError } from '../../contract/errors.ts';
import type { Job } from './dispatcher.ts';

/** A job and its fate. */
export interface Task extends Job {
  resolve(reply: Buffer[]): void;
  reject(error: RequestError): void;
  /** Whether its caller has been answered, or has gone. */
  settled: boolean;
  /** Times that a worker was lost with it. */
  losses: number;
  /** Those of them where the worker ended of its own. */
  crashes: number;
  /** Whether the worker was killed because of it. */
  overdue: boolean;
}

export function timedOut(): RequestError {
  return new RequestError('timeout', 'Expected a reply within the deadline of the request but it passed');
}

export function quarantined(): RequestError {
  return new RequestError(
    'unprocessable_image',
    'Expected an image that can be worked on but this one ended the workers that tried; it is refused for a while',
  );
}

export function workerLost(): RequestError {
  return new RequestError('worker_lost', 'Expected a reply but lost the worker twice; send the request again');
}
