import type { WorkerStage } from './stages.ts';

export interface StageTiming {
  stage: WorkerStage;
  /** Milliseconds after the worker received the request. */
  start: number;
  /** Milliseconds. */
  duration: number;
}

/** The last frame of a reply to a lane request with `report`; the gateway keeps it. */
export interface LaneReport {
  stages: StageTiming[];
  failed?: WorkerStage;
}

const reportStart = '{"stages":';

export function reportFrame({ stages, failed }: LaneReport): Buffer {
  return Buffer.from(JSON.stringify({ stages, failed }));
}

/** Removes the report from the frames of a reply; undefined where there is none. */
export function takeReport(frames: Buffer[]): LaneReport | undefined {
  const last = frames.at(-1);
  if (frames.length < 2 || last?.toString('latin1', 0, reportStart.length) !== reportStart) return undefined;
  frames.pop();
  return JSON.parse(last.toString()) as LaneReport;
}
