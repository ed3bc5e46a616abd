import type { WorkerStage } from './stages.ts';

export interface StageTiming {
  stage: WorkerStage;
  /** Milliseconds since the worker received the request. */
  start: number;
  /** Milliseconds. */
  duration: number;
}

/** Last frame of the reply to a lane request with `report`; not passed on to clients. */
export interface LaneReport {
  stages: StageTiming[];
  failed?: WorkerStage;
}

const reportPrefix = '{"stages":';

export function encodeReport({ stages, failed }: LaneReport): Buffer {
  return Buffer.from(JSON.stringify({ stages, failed }));
}

/** Removes the report from the frames of a reply; undefined if there is none. */
export function popReport(frames: Buffer[]): LaneReport | undefined {
  const last = frames.at(-1);
  if (frames.length < 2 || last?.toString('latin1', 0, reportPrefix.length) !== reportPrefix) return undefined;
  frames.pop();
  return JSON.parse(last.toString()) as LaneReport;
}
