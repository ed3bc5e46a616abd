import type { Weight } from '../../contract/operations.ts';

export type Door = 'http' | 'zmq';

/** A request on its way to a worker. */
export interface Job {
  /** The request as the worker gets it: JSON, and an image where there is one. */
  frames: Buffer[];
  weight: Weight;
  door: Door;
  requestId: string | undefined;
  /** When it has to be answered, on the clock of `performance.now()`. */
  deadline: number;
  /** Aborted when its caller has gone. */
  signal?: AbortSignal;
}

export interface Dispatcher {
  /**
   * Has a worker do a job.
   * @returns the frames of the worker's reply, errors of its own included
   * @throws RequestError `timeout`, `overloaded`, `shutting_down`, `worker_lost`, `unprocessable_image`
   */
  dispatch(job: Job): Promise<Buffer[]>;
}
