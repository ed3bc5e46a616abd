import type { ParameterName } from '../../../contract/parameters.ts';
import type { Job } from '../job.ts';
import type { Sharp } from '../sharp.ts';

/** One step of the pipeline. */
export interface Step {
  /** The parameters that it applies. */
  parameters: readonly ParameterName[];
  apply(image: Sharp, job: Job): Sharp;
}
