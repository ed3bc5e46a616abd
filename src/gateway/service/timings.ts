import type { LaneReport } from '../../contract/lane-report.ts';
import type { Stage } from '../../contract/stages.ts';
import type { JobTimings } from '../dispatch/job.ts';

/** Milliseconds; `start` on the clock of `performance.now()`. */
export interface Interval {
  stage: Stage;
  start: number;
  duration: number;
}

/** Shared by the requests that are answered from memory. */
const none: readonly Interval[] = [];

/** Where the time of a request went; whoever works on the request adds to it. */
export class Timings implements JobTimings {
  /** Where the request is; after a failure, where it failed. */
  stage: Stage = 'door';
  /** Whether the result was in a cache. */
  isHit = false;
  /** Ended ones, in the order of their ends. */
  intervals: readonly Interval[] = none;
  #enteredAt: number | undefined;

  enter(stage: Stage, at: number): void {
    this.leave(at, false);
    this.stage = stage;
    this.#enteredAt = at;
  }

  leave(at: number, failed: boolean): void {
    if (this.#enteredAt === undefined) return;
    this.add(this.stage, this.#enteredAt, at);
    this.#enteredAt = undefined;
    if (!failed) this.stage = 'door';
  }

  add(stage: Stage, start: number, end: number): void {
    this.intervals = [...this.intervals, { stage, start, duration: end - start }];
  }

  /** Adds what the worker did in the last lane. */
  addReport({ stages, failed }: LaneReport): void {
    const { start } = this.intervals.at(-1) as Interval;
    this.intervals = [...this.intervals, ...stages.map((one) => ({ ...one, start: start + one.start }))];
    if (failed !== undefined) this.stage = failed;
  }

  /** Adds those of shared work, up to now. */
  join(shared: Timings): void {
    const { stage, isHit, intervals } = shared;
    this.intervals = [...this.intervals, ...intervals];
    this.stage = stage;
    this.isHit ||= isHit;
    if (shared.#enteredAt !== undefined) this.add(stage, shared.#enteredAt, performance.now());
  }

  total(stage: Stage): number {
    let sum = 0;
    for (const one of this.intervals) if (one.stage === stage) sum += one.duration;
    return sum;
  }
}
