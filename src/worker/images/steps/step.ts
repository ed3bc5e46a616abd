import type { ParameterName } from '../../../contract/parameters.ts';
import type { Canvas } from '../canvas.ts';
import type { Job } from '../job.ts';

/** One step of the pipeline. */
export interface Step {
  /** The parameters that it applies. */
  parameters: readonly ParameterName[];
  /** @returns the canvas as it is where there is nothing to do */
  apply(canvas: Canvas, job: Job): Canvas | Promise<Canvas>;
}
