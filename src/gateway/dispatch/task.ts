import { RequestError } from '../../contract/errors.ts';
import type { Job } from './dispatcher.ts';

/** A job and its fate. */
export interface Task extends Job {
  /** When it came, on the clock of `performance.now()`. */
  arrived: number;
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

export function quarantined(): RequestError {
  return new RequestError(
    'unprocessable_image',
    'Expected an image that can be worked on but this one ended the workers that tried; it is refused for a while',
  );
}

export function workerLost(): RequestError {
  return new RequestError('worker_lost', 'Expected a reply but lost the worker twice; send the request again');
}
