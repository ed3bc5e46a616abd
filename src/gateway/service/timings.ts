import type { LaneReport } from '../../contract/lane-report.ts';
import type { Stage } from '../../contract/stages.ts';
import type { JobTimings } from '../dispatch/job.ts';

/** In milliseconds; `start` is in `performance.now()` time. */
export interface Interval {
  stage: Stage;
  start: number;
  duration: number;
}

/** Shared by requests answered from memory, which have none. */
const noIntervals: readonly Interval[] = [];

/** Time spent per stage of a request; every part that works on it adds its own. */
export class Timings implements JobTimings {
  /** Current stage; after a failure, the stage that failed. */
  stage: Stage = 'door';
  /** Whether the result was in a cache. */
  isHit = false;
  /** Completed stages, in order of completion. */
  intervals: readonly Interval[] = noIntervals;
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

  /** Adds the stages that the worker reported for the last lane. */
  addReport({ stages, failed }: LaneReport): void {
    const { start } = this.intervals.at(-1) as Interval;
    this.intervals = [...this.intervals, ...stages.map((one) => ({ ...one, start: start + one.start }))];
    if (failed !== undefined) this.stage = failed;
  }

  /** Adds the timings of shared work, up to now. */
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
