import type { ParameterName } from '../../../contract/parameters.ts';
import type { Canvas } from '../canvas.ts';
import type { Job } from '../job.ts';

export interface Step {
  parameters: readonly ParameterName[];
  /** @returns the same canvas if there is nothing to do */
  run(canvas: Canvas, job: Job): Canvas | Promise<Canvas>;
}
