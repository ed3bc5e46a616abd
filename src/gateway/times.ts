/** Where the time of a request went, in milliseconds; whoever works on it adds to it. */
export interface Times {
  /** Waiting for a worker. */
  queue: number;
  /** With the worker. */
  work: number;
}
