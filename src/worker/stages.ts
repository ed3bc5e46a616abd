import type { RequestError } from '../contract/errors.ts';
import type { StageTiming } from '../contract/lane-report.ts';
import type { WorkerStage } from '../contract/stages.ts';

/** Times the stages of one request, and records the one that failed. */
export class Stages {
  readonly #startedAt = performance.now();
  readonly timings: StageTiming[] = [];
  /** The innermost stage that failed. */
  failed: WorkerStage | undefined;

  /** Removes and returns the timings so far, and clears a failure that was recovered from. */
  drain(): StageTiming[] {
    this.failed = undefined;
    return this.timings.splice(0);
  }

  async run<T>(stage: WorkerStage, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } catch (error) {
      this.failed ??= stage;
      throw error;
    } finally {
      this.timings.push({ stage, start: start - this.#startedAt, duration: performance.now() - start });
    }
  }

  /** Runs work that times its own stages, perhaps in another process. */
  async runTimed<T>(work: () => Promise<T>, timingsOf: (result: T) => readonly StageTiming[]): Promise<T> {
    const start = performance.now() - this.#startedAt;
    try {
      const result = await work();
      for (const one of timingsOf(result)) this.timings.push({ ...one, start: start + one.start });
      return result;
    } catch (error) {
      // An error carries no timings, only the stage that failed.
      const stage = this.failedAt(error);
      if (stage !== 'check') this.timings.push({ stage, start, duration: performance.now() - this.#startedAt - start });
      throw error;
    }
  }

  failedAt(error: unknown): WorkerStage {
    return this.failed ?? ((error as Partial<RequestError> | undefined)?.stage as WorkerStage | undefined) ?? 'check';
  }
}
